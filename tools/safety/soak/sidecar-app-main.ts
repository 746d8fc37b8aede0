import http from 'node:http'

/** The application behind a sidecar: says what it was asked for, and how many bytes it got. */
http
  .createServer((request, response) => {
    let size = 0
    request.on('data', (piece: Buffer) => (size += piece.length))
    request.on('end', () => response.end(`v1 ${request.url} ${size}`))
  })
  .listen(Number(process.env.PORT), process.env.HOST)
