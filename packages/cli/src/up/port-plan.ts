import { QUIET_PORTS } from './limits.ts'
import { claimPort, type PortClaim } from './port-claim.ts'
import { choosePort, freePort, isFree, portsFrom } from './ports.ts'

/** Gives each address and port away once, and remembers which were not the wanted ones. */
export class PortPlan {
  readonly replaced: string[] = []
  readonly #given = new Set<string>()
  readonly #claims: PortClaim[] = []

  /** The wanted port there, or one near it. */
  async take(address: string, wanted: number, who: string): Promise<number> {
    const port = await this.#give(address, (above) => choosePort(address, wanted + above))
    return this.#told(port, wanted, who)
  }

  /** The same at an address that other meshes use too: they find the port claimed until all claims are released. */
  async claim(address: string, wanted: number, who: string): Promise<number> {
    for (const port of portsFrom(wanted)) if (await this.#claim(address, port)) return this.#told(port, wanted, who)
    return this.#told(await this.any(address), wanted, who)
  }

  any(address: string): Promise<number> {
    return this.#give(address, () => freePort(address))
  }

  /** One of the ports that no other mesh gives away and the system gives to no connection: it stays free while nobody listens there. */
  async quiet(address: string, first: number): Promise<number> {
    for (let port = first; port < first + QUIET_PORTS; port++) {
      const key = `${address}:${port}`
      if (this.#given.has(key) || !(await isFree(address, port))) continue
      this.#given.add(key)
      return port
    }
    return this.any(address)
  }

  /** Takes all ports of an address back. */
  release(address: string): void {
    for (const key of [...this.#given]) if (key.startsWith(`${address}:`)) this.#given.delete(key)
  }

  /** Takes one port back. */
  releasePort(address: string, port: number): void {
    this.#given.delete(`${address}:${port}`)
  }

  releaseClaims(): void {
    for (const claim of this.#claims.splice(0)) claim.release()
  }

  /** The claim comes first: a port that another mesh has claimed is not even tried, for its gateway may be about to bind it. */
  async #claim(address: string, port: number): Promise<boolean> {
    const key = `${address}:${port}`
    const claim = this.#given.has(key) ? undefined : await claimPort(address, port)
    if (claim === undefined) return false
    if (!(await isFree(address, port))) {
      claim.release()
      return false
    }
    this.#given.add(key)
    this.#claims.push(claim)
    return true
  }

  #told(port: number, wanted: number, who: string): number {
    if (port !== wanted) this.replaced.push(`${who}: port ${wanted} is taken, using ${port}.`)
    return port
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
