import { createServer, type AddressInfo, type Server } from 'node:net'
import { caseOf } from './draft.ts'
import { UpstreamReader, type Understood } from './read-upstream.ts'

/** Behind one proxy: tells each caller what it understood, and remembers it by case. */
export class Upstream {
  readonly #server: Server
  readonly #byCase = new Map<string, Understood[]>()

  private constructor(server: Server) {
    this.#server = server
  }

  static start(): Promise<Upstream> {
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true })
      const upstream = new Upstream(server)
      server.on('connection', (socket) => {
        const reader = new UpstreamReader()
        socket.on('error', () => undefined)
        socket.on('data', (piece: Buffer) => {
          for (const request of reader.push(piece)) socket.write(upstream.#answer(request))
        })
      })
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => resolve(upstream))
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** In the order in which they came. `''`: requests that belong to no case. */
  of(id: string): readonly Understood[] {
    return this.#byCase.get(id) ?? []
  }

  close(): void {
    this.#server.close()
  }

  #answer(request: Understood): string {
    const id = caseOf(request.target, request.userAgent)
    this.#byCase.set(id, [...this.of(id), request])
    const told = JSON.stringify(describe(request))
    return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${told.length}\r\n\r\n${told}`
  }
}

/** What a caller is told; ASCII. */
export function describe({ method, target, body }: Understood): string {
  return `${method} ${encodeURI(target)} ${body.length}`
}
