import { connect } from 'node:net'
import { ReplyReader } from './reply-reader.ts'
import { requestText, type Exchanged } from './exchange.ts'
import type { LoadRun } from './load.ts'

const PATIENCE_MS = 15_000
const POLL_MS = 5

/** Resolves once a peer answers as it should: a proxy may still wait for its certificate. What answers something else is not measured. */
export async function awaitReply(load: Exchanged, { port, host }: LoadRun, name: string): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS
  const request = load.kind === 'http' ? requestText(load.bodyBytes, load.replyBytes, host) : 'x'.repeat(load.bytes)
  const wanted = 'x'.repeat(load.kind === 'http' ? load.replyBytes : load.bytes)
  for (;;) {
    const reply = await ask(port, request, new ReplyReader(load.kind === 'http', wanted.length))
    if (reply.endsWith(wanted) && (load.kind !== 'http' || reply.startsWith('HTTP/1.1 200'))) return
    if (performance.now() > untilMs) throw new Error(`${name} does not answer as it should:\n${reply.slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** What came until the reply was whole or the connection ended. */
function ask(port: number, request: string, reader: ReplyReader): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1')
      if (reader.take(piece) || reader.refused) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(text))
    socket.write(request)
  })
}
