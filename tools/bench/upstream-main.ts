import { createServer } from 'node:net'

/** Answers every request head with the same body: `node upstream-main.ts PORT BYTES`. */
const [port = '0', bytes = '128'] = process.argv.slice(2)
const body = 'x'.repeat(Number(bytes))
const reply = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
const END = Buffer.from('\r\n\r\n')

createServer({ noDelay: true }, (socket) => {
  let tail: Buffer = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk])
    let from = 0
    for (let at = bytes.indexOf(END); at !== -1; at = bytes.indexOf(END, from)) {
      from = at + END.length
      socket.write(reply)
    }
    tail = bytes.subarray(from)
  })
}).listen(Number(port), '127.0.0.1')
