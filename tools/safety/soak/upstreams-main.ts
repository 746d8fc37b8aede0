import http from 'node:http'
import net from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { ECHO } from '../../../e2e/src/grpc-service.ts'

/** What stands behind the proxy: `node upstreams-main.ts V1 V2 GRPC TCP`, a port each. */
const [v1, v2, grpc, tcp] = process.argv.slice(2).map(Number)

for (const [name, port] of [
  ['v1', v1],
  ['v2', v2],
] as const) {
  const server = http.createServer((request, response) => {
    let size = 0
    request.on('data', (piece: Buffer) => (size += piece.length))
    request.on('end', () => response.end(`${name} ${request.url} ${size}`))
  })
  server.keepAliveTimeout = 3_600_000
  server.listen(port, '127.0.0.1')
}

net
  .createServer((socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  .listen(tcp, '127.0.0.1')

const server = new Server()
server.addService(
  { unary: ECHO.unary },
  { unary: (call: { request: Buffer }, done: (error: null, reply: Buffer) => void) => done(null, call.request) },
)
server.bindAsync(`127.0.0.1:${grpc}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error
})
