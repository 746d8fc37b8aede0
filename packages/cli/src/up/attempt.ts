/** Does something on the disk beside the work of the mesh; answers whether it went well. */
export type Attempt = (what: string, act: () => void) => boolean

/** A failure does not end the mesh: it is told as `WHAT: REASON`, once until it goes well again. */
export function createAttempt(say: (line: string) => void): Attempt {
  const failing = new Set<string>()
  return (what, act) => {
    try {
      act()
      failing.delete(what)
      return true
    } catch (error) {
      if (!failing.has(what)) say(`${what}: ${error instanceof Error ? error.message : String(error)}. The mesh runs on.`)
      failing.add(what)
      return false
    }
  }
}
