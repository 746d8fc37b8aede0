import net from 'node:net'

/** Whether a TCP listener could be opened there now. */
export function isFree(address: string, port: number): Promise<boolean> {
  return bound({ host: address, port, exclusive: true }).then((found) => found !== undefined)
}

/** A port that is free there now, chosen by the system. */
export async function freePort(address: string): Promise<number> {
  const port = await bound({ host: address, port: 0, exclusive: true })
  if (port === undefined) throw new Error(`no free port on ${address}`)
  return port
}

/** The wanted port, else the next one of the ten above it that is free, else any. */
export async function choosePort(address: string, wanted: number): Promise<number> {
  for (const port of portsFrom(wanted)) if (await isFree(address, port)) return port
  return freePort(address)
}

/** The wanted port and the ten above it. */
export function portsFrom(wanted: number): readonly number[] {
  return Array.from({ length: 11 }, (_, above) => wanted + above).filter((port) => port <= 65_535)
}

function bound(where: net.ListenOptions): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(undefined))
    server.listen(where, () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
