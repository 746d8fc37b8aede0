import { portableIo } from '@mesh/io/portable'
import { Rig } from '../rig.ts'

/** Opens more connections than this process may have files, then uses the first one: prints what became of all of them. */
const rig = new Rig((options) => portableIo(options))
const socket = await rig.listen({ onData: (conn, lent) => void conn.write(lent) })
const first = rig.connect(socket)
await first.until(({ happened }) => happened.includes('open'))
const others = Array.from({ length: 100 }, () => rig.connect(socket))
await Promise.all(others.map((client) => client.until(({ happened }) => happened.length > 0)))
const codes = others.flatMap(({ error }) => (error === undefined ? [] : [`${error.phase} ${error.code}`]))
for (const { conn } of others) conn?.reset()
first.conn?.write(Buffer.from('still here'))
await first.until(() => first.text === 'still here')
process.stdout.write(JSON.stringify({ codes: [...new Set(codes)], faults: rig.faults.length, echoed: first.text }))
await rig.close()
