import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { ReplyCase } from './reply-cases.ts'
import { bytesOf, plainReply } from './reply-draft.ts'

/** Answers `/c17/odd` with the bytes of case 17, and `/c17/last` as it should. */
export class HostileUpstream {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
  }

  static start(cases: readonly ReplyCase[]): Promise<HostileUpstream> {
    const byId = new Map(cases.map((one) => [one.id, one]))
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true })
      const upstream = new HostileUpstream(server)
      server.on('connection', (socket) => upstream.#serve(socket, byId))
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => resolve(upstream))
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve(socket: Socket, cases: ReadonlyMap<string, ReplyCase>): void {
    let text = ''
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const [, id = '', what] = /^\S+ \/(c\d+)\/(\w+) /.exec(text) ?? []
        text = text.slice(end + 4)
        const one = cases.get(id)
        if (what === 'odd' && one !== undefined) void answer(socket, one)
        else socket.write(bytesOf(plainReply(id, `last ${id}`)))
      }
    })
  }
}

async function answer(socket: Socket, { bytes, cuts, end }: ReplyCase): Promise<void> {
  for (const [at, cut] of [...cuts, bytes.length].entries()) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    socket.write(bytes.subarray(cuts[at - 1] ?? 0, cut))
  }
  if (end === 'ends') socket.end()
  // What is on its way shall not be lost by the reset.
  else if (end === 'is reset') setTimeout(() => socket.resetAndDestroy(), 2)
}
