import { ListenError, type Io, type ListenOptions, type ListenSocket } from '@mesh/io'
import type { Permit } from './messages.ts'

export interface SharedListening {
  /** Asks whether this worker may listen there, and at which port. */
  readonly permit: (address: string, port: number) => Promise<Permit>
  /** It listens there no more. */
  readonly released: (address: string, port: number) => void
}

/** A plug whose listeners share their places with those of the other workers. */
export function sharedIo(io: Io, listening: SharedListening): Io {
  return { ...io, listen: (options) => listenShared(io, listening, options) }
}

async function listenShared(io: Io, { permit, released }: SharedListening, options: ListenOptions): Promise<ListenSocket> {
  const { address, port } = options
  const answer = await permit(address, port)
  if (answer.kind === 'refused') throw new ListenError(answer.code, answer.message)
  let socket: ListenSocket
  try {
    const { inherited } = answer
    socket = await io.listen({ ...options, port: answer.port, reusePort: true, ...(inherited === undefined ? {} : { inherited }) })
  } catch (error) {
    released(address, port)
    throw error
  }
  return {
    ...socket,
    async close() {
      await socket.close()
      released(address, port)
    },
  }
}
