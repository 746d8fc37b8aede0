/** Is told of an exception that escaped a handler or callback; the connection it concerned is reset. */
export type OnFault = (error: unknown) => void

/** Runs a callback of the owner; nothing that it throws goes further. Answers whether it returned. */
export function guarded(onFault: OnFault, run: () => void): boolean {
  try {
    run()
    return true
  } catch (error) {
    report(onFault, error)
    return false
  }
}

/** Tells of an exception; a reporter that throws itself is not heard. */
export function report(onFault: OnFault, error: unknown): void {
  try {
    onFault(error)
  } catch {
    // Telling failed too; there is nobody left to tell.
  }
}
