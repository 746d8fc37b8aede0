import { fastIo } from '@mesh/io/fast'
import { portableIo } from '@mesh/io/portable'
import { Rig, type MakeIo } from '../rig.ts'

/** In a network namespace whose ports 80 and 81 are redirected to 15001 and 15002, and 82 diverted to 15003 and 15004: prints where connections say that they were going. */
const [fast, portable] = [rigOf((options) => fastIo(options)), rigOf((options) => portableIo(options))]
const dual = await fast.listen({}, { address: '::', port: 15_001 })
await portable.listen({}, { address: '127.0.0.1', port: 15_002 })
const diverting = await fast.listen({}, { address: '0.0.0.0', port: 15_003, transparent: true })
await fast.listen({}, { address: '::1', port: 15_004, transparent: true })
const refused = await portable.listen({}, { address: '127.0.0.1', port: 15_005, transparent: true }).then(
  () => 'listens',
  (error: Error) => error.message,
)

const told = {
  ipv4: await goingTo(fast, '127.0.0.9', 80),
  ipv6: await goingTo(fast, '::1', 80),
  direct: await goingTo(fast, '127.0.0.1', dual.port),
  diverted: await goingTo(fast, '203.0.113.9', 82),
  divertedV6: await goingTo(fast, '2001:db8::9', 82),
  called: await goingTo(fast, '127.0.0.1', diverting.port),
  refused,
  portable: await goingTo(portable, '127.0.0.9', 81),
}
process.stdout.write(JSON.stringify({ ...told, faults: fast.faults.length + portable.faults.length }))
await Promise.all([fast.close(), portable.close()])

function rigOf(makeIo: MakeIo): Rig {
  return new Rig(makeIo)
}

/** What both ends of a new connection say, the accepting one first. */
async function goingTo(rig: Rig, address: string, port: number) {
  const index = rig.accepted.length
  const client = rig.connect({ address, port })
  await client.until(({ happened }) => happened.length > 0)
  const { conn } = await rig.server(index)
  return [conn?.originalDestination ?? 'none', client.conn?.originalDestination ?? 'none']
}
