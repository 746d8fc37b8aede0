import type { Io } from '@mesh/io'
import { FastUnavailable, fastIo } from '@mesh/io/fast'
import { portableIo } from '@mesh/io/portable'
import type { Logger } from '@mesh/telemetry'
import type { NodeSettings } from './settings.ts'

export interface IoChoice {
  readonly wanted: NodeSettings['io']
  readonly onFault: (error: unknown) => void
  readonly log: Pick<Logger, 'info'>
}

/** Sockets and TLS of this process, told in one line. Throws where the fast plug was asked for and cannot be had. */
export function chooseIo({ wanted, onFault, log }: IoChoice): Io {
  if (wanted === 'portable') return told(log, portableIo({ onFault }), 'as the settings say')
  try {
    const fast = fastIo({ onFault })
    return told(log, fast, `epoll and OpenSSL by ${fast.binding}`)
  } catch (error) {
    if (wanted === 'fast' || !(error instanceof FastUnavailable)) throw error
    return told(log, portableIo({ onFault }), `the fast one cannot be had: ${error.message}`)
  }
}

function told(log: IoChoice['log'], io: Io, why: string): Io {
  log.info({ plug: io.plug, why }, 'io')
  return io
}
