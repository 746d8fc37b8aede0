import { connect, type Socket } from 'node:net'
import { readReply, type ReadReply } from './read-reply.ts'
import type { ReplyCase } from './reply-cases.ts'

/** What a caller of a proxy saw of a case. */
export interface SeenReply {
  readonly odd: Heard
  /** The reply to the plain request behind it. */
  readonly last: Heard
}

export interface Heard {
  readonly reply: ReadReply | undefined
  /** Bytes behind the reply that nobody asked for. */
  readonly behind: string
  /** How it ended: the reply was complete, the connection ended or was reset, or nothing came any more. */
  readonly end: 'complete' | 'ended' | 'reset' | 'waiting'
}

/** Without a byte for so long, a proxy waits for the rest of a reply. */
const QUIET_MS = 400

/** One connection of a caller to a proxy, used again as long as the proxy lets it. */
export class ReplyLane {
  readonly #port: number
  #socket: Socket | undefined

  constructor(port: number) {
    this.#port = port
  }

  async send({ id, method }: ReplyCase): Promise<SeenReply> {
    const odd = await this.#ask(`/${id}/odd`, method, id)
    return { odd, last: await this.#ask(`/${id}/last`, 'GET', id) }
  }

  close(): void {
    this.#socket?.destroy()
  }

  #ask(target: string, method: string, id: string): Promise<Heard> {
    const socket = this.#socket ?? connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    this.#socket = undefined
    return new Promise((resolve) => {
      const pieces: Buffer[] = []
      let size = 0
      let reply: ReadReply | undefined
      const finish = (end: Heard['end']): void => {
        clearTimeout(timer)
        socket.removeAllListeners()
        socket.on('error', () => undefined)
        const behind = reply === undefined ? '' : Buffer.concat(pieces).toString('latin1', reply.size)
        if (end === 'complete' && behind === '' && !closes(reply)) this.#socket = socket
        else socket.destroy()
        resolve({ reply, behind, end })
      }
      const read = (ended: boolean): void => void (reply = readReply(Buffer.concat(pieces).toString('latin1'), { method, ended }))
      const timer = setTimeout(() => (read(false), finish('waiting')), QUIET_MS)
      socket.on('error', () => undefined)
      socket.on('data', (piece: Buffer) => {
        timer.refresh()
        pieces.push(piece)
        size += piece.length
        // A large one is read when it may be at its end.
        if (size > LARGE && !piece.subarray(-2).equals(CRLF) && size < (expected ?? 0)) return
        read(false)
        expected = sizeOf(reply)
        if (reply?.state === 'complete') finish('complete')
      })
      let expected: number | undefined
      socket.once('end', () => (read(true), finish(reply?.state === 'complete' ? 'complete' : 'ended')))
      socket.once('close', () => (read(false), finish('reset')))
      socket.write(`${method} ${target} HTTP/1.1\r\nhost: shop.test\r\nuser-agent: ${id}\r\n\r\n`)
    })
  }
}

const LARGE = 32_768
const CRLF = Buffer.from('\r\n')

/** At how many bytes a reply with a length is at its end. */
function sizeOf(reply: ReadReply | undefined): number | undefined {
  if (reply?.framing !== 'length') return undefined
  return reply.size - reply.body.length + Number(reply.fields.get('content-length')?.[0] ?? 0)
}

function closes(reply: ReadReply | undefined): boolean {
  return reply?.fields.get('connection')?.some((value) => value.toLowerCase() === 'close') === true
}
