import { ListenError, type ListenOptions } from '../port/io.ts'

/** Why a socket could not be bound, as the port tells it. */
export function listenError({ address, port }: ListenOptions, error: { readonly code?: string; readonly message: string }): ListenError {
  const { code = '' } = error
  const kind = KINDS.get(code) ?? 'other'
  return new ListenError(kind, `${address}:${port} ${SAID[kind]}${kind === 'other' ? `: ${error.message}` : ''}`)
}

const KINDS: ReadonlyMap<string, ListenError['code']> = new Map([
  ['EADDRINUSE', 'in-use'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['EADDRNOTAVAIL', 'no-address'],
  ['EMFILE', 'exhausted'],
  ['ENFILE', 'exhausted'],
  ['ENOBUFS', 'exhausted'],
])

const SAID = {
  'in-use': 'is taken',
  denied: 'may not be bound by this user',
  'no-address': 'is no address of this machine',
  exhausted: 'cannot be bound: this process has no file descriptors left',
  other: 'cannot be bound',
} as const
