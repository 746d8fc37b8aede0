/** The value of `read` as soon as it stayed the same over many turns of the event loop. */
export async function settled(read: () => number): Promise<number> {
  let value = read()
  for (let same = 0; same < 2_000; same = read() === value ? same + 1 : 0) {
    value = read()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return value
}
