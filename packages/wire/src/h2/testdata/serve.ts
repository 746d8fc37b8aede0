import net, { type AddressInfo } from 'node:net'
import { attach, Server } from './ends.ts'

/** A server for conformance tests: answers each request with its body; listens on a free port until it is closed. */
export async function serveH2(): Promise<{ readonly port: number; close(): void }> {
  const server = net.createServer((socket) => {
    const end = new Server()
    end.answer = (stream) => {
      end.session.sendOwnReply(stream, 200, [['content-length', '5']], false)
      end.send(stream, Buffer.from('hello'), true)
    }
    attach(socket, end)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}
