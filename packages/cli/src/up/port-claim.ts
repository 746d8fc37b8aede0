import dgram from 'node:dgram'

/** The port of a gateway, held against other meshes from its planning on, long before its listener is bound. */
export interface PortClaim {
  release(): void
}

/**
 * Claims a TCP port for the life of this process by the UDP port of the same number, which no gateway uses; undefined when another holds it.
 * Where there can be no claim the port itself decides.
 */
export function claimPort(address: string, port: number): Promise<PortClaim | undefined> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4')
    const release = (): void => void socket.close()
    socket.once('error', (error: NodeJS.ErrnoException) => {
      release()
      resolve(error.code === 'EADDRINUSE' ? undefined : { release: () => {} })
    })
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error').on('error', () => {})
      socket.unref()
      resolve({ release })
    })
  })
}
