import { DynamicLibrary } from 'node:ffi'
import { fastIo, type Binding } from '@mesh/io/fast'
import { throwawayPki } from '../../../throwaway-pki.ts'
import { Rig } from '../../rig.ts'

/** Leaves an error in OpenSSL's queue at every step of a TLS connection, as careless code of this thread could. */
const library = new DynamicLibrary(null as unknown as string)
const leave = library.getFunction('ERR_set_error', { arguments: ['i32', 'i32', 'pointer'], return: 'void' })
library.getFunction('ERR_new', { arguments: [], return: 'void' })
const soil = (): void => {
  const { ERR_new: begin } = library.functions as unknown as { ERR_new: () => void }
  begin()
  leave(20, 199, 0n)
}
const binding = process.argv[2] as Binding
const rig = new Rig((options) => fastIo({ ...options, binding }))
const context = rig.io.tlsContext(await (await throwawayPki()).issue('spiffe://cluster.local/ns/default/sa/any'))
const judge = (): undefined => void soil()
const socket = await rig.listen({
  onData: (conn, lent) => {
    soil()
    if (conn.tls === undefined) conn.startTls({ context, alpn: [], requireClientCert: true, judge, handshakeTimeoutMs: 10_000 }, lent)
    else conn.write(lent)
    soil()
  },
  onEnd: (conn) => conn.end(),
})
const tls = { context, alpn: [], sni: 'any', verify: 'judge', judge, handshakeTimeoutMs: 10_000 } as const
const client = rig.connect(
  socket,
  {
    onOpen: (conn) => {
      soil()
      conn.write(new Uint8Array(300_000))
      conn.end()
      soil()
    },
    onData: soil,
  },
  { tls },
)
await client.until(() => client.closed)
process.stdout.write(client.error === undefined && client.bytes === 300_000 ? 'echoed' : JSON.stringify([client.error, client.bytes]))
await rig.close()
