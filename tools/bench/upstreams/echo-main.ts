import { createServer } from 'node:net'

/** Sends back what comes: `node echo-main.ts PORT`. */
const [port = '0'] = process.argv.slice(2)

createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => socket.write(chunk))
}).listen(Number(port), '127.0.0.1')
