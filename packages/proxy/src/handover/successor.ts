import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Io, NamedSocket } from '@mesh/io'
import type { Logger } from '@mesh/telemetry'

export interface OfferToOptions {
  readonly path: string | undefined
  readonly sockets: () => readonly NamedSocket[]
  readonly log: Pick<Logger, 'info' | 'warn'>
}

export interface Successor {
  /** Resolves when one serves; never, where nothing can be offered. */
  readonly taken: Promise<void>
  close(): void
}

/** Offers this process's sockets to whoever comes after it. What hinders that is told: without it the proxy serves all the same. */
export async function offerTo({ handover }: Io, { path, sockets, log }: OfferToOptions): Promise<Successor> {
  const { promise: taken, resolve } = Promise.withResolvers<void>()
  if (path === undefined || handover === undefined) return { taken, close: () => undefined }
  const onTaken = (): void => {
    log.info({ path }, 'a successor serves: this process ends its calls and goes')
    resolve()
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const offer = await handover.offer({ path, sockets, onTaken, onProblem: (problem) => log.warn({ path, problem }, 'hot restart') })
    return { taken, close: () => offer.close() }
  } catch (error) {
    log.warn({ path, problem: error instanceof Error ? error.message : String(error) }, 'hot restart: no successor can take over')
    return { taken, close: () => undefined }
  }
}
