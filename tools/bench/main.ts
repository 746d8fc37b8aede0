import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { measure } from './measure.ts'
import { HAPROXY } from './peers/haproxy.ts'
import { mesh } from './peers/mesh.ts'
import { rowsOf, table } from './report.ts'
import { benchStart } from './start.ts'

const USAGE = `npm run bench -- [--seconds 3] [--repetitions 5] [--connections 64] [--bytes 128] [--json FILE]
CPU time per request of one sidecar, plain GET, beside HAProxy. Linux with wrk and haproxy on PATH.
npm run bench -- --only start [--repetitions 5]
CPU time and wall time of \`npm start\`, from the second time on. Linux.`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    repetitions: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    bytes: { type: 'string', default: '128' },
    json: { type: 'string' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help || (values.only ?? 'start') !== 'start') console.log(USAGE)
else process.exitCode = await (values.only === 'start' ? benchStart(Number(values.repetitions)) : bench())

async function bench(): Promise<number> {
  const missing = ['wrk', 'haproxy', 'taskset'].filter((tool) => !installed(tool))
  if (missing.length > 0) {
    console.error(`The bench needs ${missing.join(' and ')}: apt-get install wrk haproxy util-linux`)
    return 1
  }
  const peers = [HAPROXY, mesh('fast'), mesh('portable')]
  const options = {
    seconds: Number(values.seconds),
    repetitions: Number(values.repetitions),
    connections: Number(values.connections),
    bodyBytes: Number(values.bytes),
  }
  const samples = await measure({
    ...options,
    peers,
    onSample: ({ peer, microsPerRequest, requests, errors }) =>
      console.log(`${peer.padEnd(12)} ${microsPerRequest.toFixed(1).padStart(7)} µs/request  ${requests} requests  ${errors} errors`),
  })
  const rows = rowsOf(samples)
  console.log(`\n${table(rows, HAPROXY.name)}`)
  if (values.json !== undefined) {
    const versions = Object.fromEntries(peers.map((peer) => [peer.name, peer.version()]))
    const machine = { cpu: cpus()[0]?.model, cores: cpus().length, kernel: release(), node: process.version }
    writeFileSync(values.json, `${JSON.stringify({ machine, versions, options, rows, samples }, undefined, 2)}\n`)
  }
  return rows.some((row) => row.void) ? 1 : 0
}

function installed(tool: string): boolean {
  try {
    execFileSync('which', [tool], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
