import { parseArgs } from 'node:util'
import { bench } from './bench.ts'
import { installed } from './installed.ts'
import { benchStart } from './start.ts'
import { WORKS, worksNamed } from './work.ts'

const USAGE = `npm run bench -- [--quick] [--only ROW,...] [--variants NAME,...] [--json FILE]
              [--seconds 3] [--repetitions 5] [--warm-up 3] [--latency 3] [--profiles DIR]
The data plane beside HAProxy, nginx, Envoy, a proxy of node:http and undici, and none. Linux with wrk and h2load.
--quick takes under four minutes: three short repetitions; latency and warm-up of the first row of each setup only, stages of the first. Rows:
${WORKS.map(({ name, title }) => `  ${name.padEnd(14)} ${title}`).join('\n')}
  start          \`npm start\`: CPU time and wall time, from the second time on`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    variants: { type: 'string' },
    json: { type: 'string' },
    seconds: { type: 'string' },
    repetitions: { type: 'string' },
    'warm-up': { type: 'string' },
    latency: { type: 'string' },
    profiles: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const TOOLS = [
  { name: 'wrk', from: 'wrk' },
  { name: 'h2load', from: 'nghttp2-client' },
  { name: 'taskset', from: 'util-linux' },
]
const [seconds, repetitions, warmUp, latency] = values.quick ? [0.7, 3, 2, 0.3] : [3, 5, 3, 3]

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

if (values.help) console.log(USAGE)
else process.exitCode = await run()

async function run(): Promise<number> {
  if (values.only === 'start') return benchStart(Number(values.repetitions ?? repetitions))
  const missing = TOOLS.filter(({ name }) => !installed(name))
  if (missing.length > 0) {
    console.error(
      `The bench needs ${missing.map(({ name }) => name).join(' and ')}: apt-get install ${missing.map(({ from }) => from).join(' ')}`,
    )
    return 1
  }
  const works = worksNamed(values.only)
  if (typeof works === 'string') {
    console.error(works)
    return 1
  }
  return bench({
    works,
    variants: values.variants?.split(','),
    jsonFile: values.json,
    seconds: Number(values.seconds ?? seconds),
    profilesDir: values.profiles,
    thorough: !values.quick,
    starts: values.quick ? 1 : Number(values.repetitions ?? repetitions),
    repetitions: Number(values.repetitions ?? repetitions),
    warmUpSeconds: Number(values['warm-up'] ?? warmUp),
    latencySeconds: Number(values.latency ?? latency),
  })
}
