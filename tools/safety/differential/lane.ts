import { connect, type Socket } from 'node:net'
import type { Case } from './cases.ts'
import { ReplyReader, type Reply } from './read-replies.ts'

/** What the caller saw of a case. */
export interface Seen {
  readonly replies: readonly Reply[]
  /** How it ended: the request behind the case was answered, the connection was closed, or nothing came any more. */
  readonly end: 'answered' | 'closed' | 'waiting'
}

/** Without a byte for so long, a proxy waits for the rest of a message. */
const QUIET_MS = 400

/** One connection of a caller to a proxy, used again as long as the proxy lets it. */
export class Lane {
  readonly #port: number
  #socket: Socket | undefined

  constructor(port: number) {
    this.#port = port
  }

  send({ id, bytes }: Case): Promise<Seen> {
    const socket = this.#socket ?? connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    this.#socket = undefined
    return new Promise((resolve) => {
      const reader = new ReplyReader()
      const replies: Reply[] = []
      const finish = (end: Seen['end']): void => {
        clearTimeout(timer)
        socket.removeAllListeners()
        socket.on('error', () => undefined)
        if (end === 'answered' && reader.empty) this.#socket = socket
        else socket.destroy()
        resolve({ replies, end })
      }
      const timer = setTimeout(() => finish('waiting'), QUIET_MS)
      socket.on('error', () => undefined)
      socket.on('data', (piece: Buffer) => {
        timer.refresh()
        replies.push(...reader.push(piece))
        if (replies.at(-1)?.body === `"GET /${id}/last 0"`) finish('answered')
      })
      socket.once('close', () => {
        replies.push(...reader.end())
        finish('closed')
      })
      socket.write(bytes)
    })
  }

  close(): void {
    this.#socket?.destroy()
  }
}
