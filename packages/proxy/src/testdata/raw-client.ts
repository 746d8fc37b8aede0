import { connect, type Socket } from 'node:net'

/** A client that writes and reads bytes, for what a well-behaved HTTP client would never send. */
export interface RawClient {
  readonly socket: Socket
  send(text: string): void
  /** Resolves as soon as all that was received matches; rejects when the connection ends before. */
  until(pattern: RegExp): Promise<string>
  /** Resolves with all that was received when the peer has closed, and with how. */
  closed(): Promise<{ readonly text: string; readonly reset: boolean }>
  /** All that was received. */
  readonly text: string
  destroy(): void
}

export function rawClient(port: number, options: { readonly address?: string; readonly from?: string } = {}): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: options.address ?? '127.0.0.1',
      port,
      allowHalfOpen: true,
      ...(options.from === undefined ? {} : { localAddress: options.from }),
    })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(clientOf(socket))
    })
  })
}

/** All that a silent client hears until the connection ends; `refused` when there never was one. */
export function heardAt(port: number): Promise<string> {
  return rawClient(port).then(
    (client) => client.closed().then(({ text }) => text),
    () => 'refused',
  )
}

function clientOf(socket: Socket): RawClient {
  let text = ''
  let ended: { readonly text: string; readonly reset: boolean } | undefined
  const wakes = new Set<() => void>()
  const wake = (): void => {
    for (const one of [...wakes]) one()
  }
  const finish = (reset: boolean): void => {
    ended ??= { text, reset }
    wake()
  }
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    wake()
  })
  socket.on('end', () => finish(false))
  socket.on('error', () => finish(true))
  socket.on('close', () => finish(false))
  const when = <T>(probe: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = probe()
        if (found === undefined && ended === undefined) return
        wakes.delete(look)
        if (found === undefined) reject(new Error(`the connection ended; received: ${JSON.stringify(text)}`))
        else resolve(found)
      }
      wakes.add(look)
      look()
    })
  return {
    socket,
    get text() {
      return text
    },
    send: (bytes) => void socket.write(bytes, 'latin1'),
    until: (pattern) => when(() => (pattern.test(text) ? text : undefined)),
    closed: () => when(() => ended),
    destroy: () => socket.destroy(),
  }
}
