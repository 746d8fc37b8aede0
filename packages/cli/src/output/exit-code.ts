/** What the exit code of a command says. */
export const EXIT = {
  ok: 0,
  /** It worked, and the answer is no: not valid, not found, not allowed. */
  negative: 1,
  usage: 2,
  /** Nobody answers. */
  unreachable: 3,
  /** Ctrl-C, as shells tell it. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Why a command cannot go on: one sentence for the terminal, and its exit code. */
export class CommandFailure extends Error {
  readonly code: ExitCode

  constructor(code: ExitCode, message: string) {
    super(message)
    this.name = 'CommandFailure'
    this.code = code
  }
}
