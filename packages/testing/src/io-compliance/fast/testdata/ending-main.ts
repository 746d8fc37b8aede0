import { fastIo, type Binding } from '@mesh/io/fast'
import { Rig } from '../../rig.ts'

/** Uses the plug, closes all that it opened, and leaves the rest to Node; or ends while a handler runs. */
const [, , binding, when] = process.argv as unknown as [string, string, Binding, string | undefined]
const rig = new Rig((options) => fastIo({ ...options, binding }))
const socket = await rig.listen({
  onData: (conn, lent) => {
    if (when === 'at once') process.exit(3)
    conn.write(lent)
  },
  onEnd: (conn) => conn.end(),
})
const client = rig.connect(socket, { onOpen: (conn) => void conn.write(Buffer.from('x')) })
await client.until(() => client.text === 'x')
client.conn?.end()
await client.until(() => client.closed)
await socket.close()
process.stdout.write('echoed')
