/** Asks again until an answer is there; fails with the last error when `withinMs` is over. */
export async function until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined, withinMs = 30_000): Promise<T> {
  const end = performance.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
      last = answer
    } catch (error) {
      last = error
    }
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms for ${what}: ${String(last)}`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
