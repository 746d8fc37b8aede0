import { parseArgs } from 'node:util'
import { textTable } from '../running/text-table.ts'
import { soak, type Soaked } from './soak.ts'
import { failed } from './traffic.ts'

const USAGE = `npm run soak -- [--minutes 10]
Load of HTTP/1.1, HTTP/2, gRPC, TCP and TLS through a gateway, and of mTLS between two sidecars, while the configuration of both changes each second.
At the end no call has failed, memory of each proxy in the last third is that of the first (within 5 %), and as many descriptors are open as before. Linux.`

/** The proxy's memory may grow by so much from the first third to the last. */
const MOST_GROWTH = 1.05
/** Less than the shortest timeout of a route: whoever waits so long was forgotten. */
const MOST_MS = 9000
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, help: { type: 'boolean', default: false } } })

if (values.help) console.log(USAGE)
else process.exitCode = report(await soak(Number(values.minutes) * 60))

function report({ tallies, processes, changes, complaints }: Soaked): number {
  const all: string[] = [...complaints]
  for (const tally of tallies) {
    if (tally.calls === 0) all.push(`${tally.name}: no call was made`)
    if (tally.slowestMs > MOST_MS) all.push(`${tally.name}: a call took ${tally.slowestMs.toFixed(0)} ms`)
    for (const [why, count] of tally.failures) all.push(`${tally.name}: ${count} times ${why}`)
  }
  for (const { name, resident, descriptors } of processes) {
    if (resident.last > resident.first * MOST_GROWTH)
      all.push(`${name}: memory grew from ${resident.first.toFixed(1)} to ${resident.last.toFixed(1)} MB`)
    if (descriptors.after > descriptors.before)
      all.push(`${name}: ${descriptors.before} descriptors were open before, ${descriptors.after} behind it`)
  }
  console.log(
    textTable(
      ['calls', 'made', 'failed', 'slowest'],
      tallies.map((tally) => [tally.name, tally.calls, failed(tally), `${tally.slowestMs.toFixed(0)} ms`]),
    ),
  )
  const rows = processes.map(({ name, resident, descriptors }) => [
    name,
    resident.first.toFixed(1),
    resident.last.toFixed(1),
    descriptors.before,
    descriptors.during,
    descriptors.after,
  ])
  console.log(`
${textTable(['process', 'MB, first third', 'last', 'descriptors before', 'under load', 'behind it'], rows)}

${changes} changes of the configuration`)
  for (const complaint of all) console.log(`  ${complaint}`)
  console.log(all.length === 0 ? 'nothing failed' : `${all.length} complaints`)
  return all.length === 0 ? 0 : 1
}
