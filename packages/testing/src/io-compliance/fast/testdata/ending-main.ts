import { fastIo } from '@mesh/io/fast'
import { Rig } from '../../rig.ts'

/** Uses the plug, closes all that it opened, and leaves the rest to Node. */
const rig = new Rig((options) => fastIo(options))
const socket = await rig.listen({ onData: (conn, lent) => void conn.write(lent), onEnd: (conn) => conn.end() })
const client = rig.connect(socket, { onOpen: (conn) => void conn.write(Buffer.from('x')) })
await client.until(() => client.text === 'x')
client.conn?.end()
await client.until(() => client.closed)
await socket.close()
process.stdout.write('echoed')
