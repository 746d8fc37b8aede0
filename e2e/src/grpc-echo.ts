import {
  Server,
  ServerCredentials,
  status,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerWritableStream,
} from '@grpc/grpc-js'
import { ECHO } from './grpc-service.ts'

/** A plain gRPC server without a line of mesh code: echoes in each of the four kinds of call. */
const server = new Server()
server.addService(ECHO, {
  unary: (call: { request: Buffer }, done: (error: object | null, reply?: Buffer) => void) =>
    call.request.toString() === 'fail' ? done({ code: status.NOT_FOUND, details: 'no such book' }) : done(null, call.request),
  up: (call: ServerReadableStream<Buffer, Buffer>, done: (error: null, reply: Buffer) => void) => {
    const pieces: Buffer[] = []
    call.on('data', (piece: Buffer) => pieces.push(piece))
    call.on('end', () => done(null, Buffer.concat(pieces)))
  },
  down: (call: ServerWritableStream<Buffer, Buffer>) => {
    for (const letter of call.request.toString()) call.write(Buffer.from(letter))
    call.end()
  },
  both: (call: ServerDuplexStream<Buffer, Buffer>) => {
    call.on('data', (piece: Buffer) => call.write(piece))
    call.on('end', () => call.end())
  },
})
server.bindAsync(`${process.env['HOST']}:${process.env['PORT']}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => server.tryShutdown(() => process.exit(0)))
