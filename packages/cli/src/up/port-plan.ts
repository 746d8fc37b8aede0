import { choosePort, freePort } from './ports.ts'

/** Gives each address and port away once, and remembers which were not the wanted ones. */
export class PortPlan {
  readonly replaced: string[] = []
  readonly #given = new Set<string>()

  /** The wanted port there, or one near it. */
  async take(address: string, wanted: number, who: string): Promise<number> {
    const port = await this.#give(address, (above) => choosePort(address, wanted + above))
    if (port !== wanted) this.replaced.push(`${who}: port ${wanted} is taken, using ${port}.`)
    return port
  }

  any(address: string): Promise<number> {
    return this.#give(address, () => freePort(address))
  }

  /** Takes all ports of an address back. */
  release(address: string): void {
    for (const key of [...this.#given]) if (key.startsWith(`${address}:`)) this.#given.delete(key)
  }

  /** Takes one port back. */
  releasePort(address: string, port: number): void {
    this.#given.delete(`${address}:${port}`)
  }

  async #give(address: string, choose: (attempt: number) => Promise<number>): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const port = await choose(attempt)
      const key = `${address}:${port}`
      if (this.#given.has(key)) continue
      this.#given.add(key)
      return port
    }
  }
}
