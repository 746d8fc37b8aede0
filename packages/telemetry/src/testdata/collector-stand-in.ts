import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that keeps the bodies it is sent and answers with a status. */
export interface StandIn {
  readonly port: number
  readonly bodies: readonly string[]
  status: number
  /** Resolves when so many bodies have come. */
  count(wanted: number): Promise<void>
  close(): Promise<void>
}

export async function startStandIn(status = 202): Promise<StandIn> {
  const bodies: string[] = []
  const waiting = new Set<() => void>()
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      bodies.push(Buffer.concat(pieces).toString())
      response.writeHead(standIn.status).end()
      for (const check of waiting) check()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const standIn: StandIn = {
    port: (server.address() as AddressInfo).port,
    bodies,
    status,
    count: (wanted) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (bodies.length < wanted) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return standIn
}
