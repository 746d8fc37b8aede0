import { fastIo, type Binding } from '@mesh/io/fast'
import { throwawayPki } from '../../../throwaway-pki.ts'
import { Rig } from '../../rig.ts'

/** Shakes hands while the heap is collected before, during and after: prints what was agreed on. */
const collect = globalThis.gc as unknown as () => void
const binding = process.argv[2] as Binding
const rig = new Rig((options) => fastIo({ ...options, binding }))
const context = rig.io.tlsContext(await (await throwawayPki()).issue('spiffe://cluster.local/ns/default/sa/any'))
const judge = (): undefined => {
  collect()
  return undefined
}
const socket = await rig.listen({
  onData: (conn, lent) => {
    if (conn.tls === undefined)
      conn.startTls({ context, alpn: ['istio', 'h2'], requireClientCert: true, judge, handshakeTimeoutMs: 20_000 }, lent)
    else conn.write(lent)
    collect()
  },
})
const alpn = new Set<string | undefined>()
let handshakes = 0
for (let round = 0; round < 4; round++) {
  const clients = Array.from({ length: 10 }, () =>
    rig.connect(
      socket,
      { onOpen: (conn) => void conn.write(Buffer.from('x')) },
      { tls: { context, alpn: ['h2', 'istio'], sni: 'any', verify: 'judge', judge, handshakeTimeoutMs: 20_000 } },
    ),
  )
  collect()
  for (const client of clients) {
    await client.until(() => client.text === 'x')
    alpn.add(client.conn?.tls?.alpn)
    handshakes++
    client.conn?.close()
  }
}
process.stdout.write(JSON.stringify({ handshakes, alpn: [...alpn], faults: rig.faults.length }))
await rig.close()
