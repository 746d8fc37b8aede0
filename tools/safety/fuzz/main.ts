import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { textTable } from '../running/text-table.ts'
import { keepInput } from './corpus.ts'
import { runTarget } from './run-target.ts'
import { TARGETS } from './targets/index.ts'

const NAMES = TARGETS.map(({ name }) => name)
const USAGE = `npm run fuzz -- [--minutes 2] [--target NAME[,NAME]] [--seed N]
Changed bytes for each parser, the time shared among the targets: ${NAMES.join(', ')}.
What fails is written to tools/safety/corpus/NAME, where npm test finds it again.`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    target: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(USAGE)
else process.exitCode = await fuzz()

async function fuzz(): Promise<number> {
  const wanted = values.target?.split(',') ?? NAMES
  const unknown = wanted.filter((name) => !NAMES.includes(name))
  if (unknown.length > 0) {
    console.error(`There is no target ${unknown.join(', ')}; there are ${NAMES.join(', ')}.`)
    return 1
  }
  const [seed, seconds] = [Number(values.seed), (Number(values.minutes) * 60) / wanted.length]
  const rows: (readonly (string | number)[])[] = []
  let failed = 0
  for (const target of wanted) {
    const { inputs, ways, slowestMs, failures } = await runTarget({ target, seed, seconds })
    rows.push([target, inputs, ways, `${slowestMs.toFixed(1)} ms`, failures.length])
    failed += failures.length
    for (const { bytes, why } of failures) console.log(`${target}: ${relative(process.cwd(), keepInput(target, bytes))}\n${why}\n`)
  }
  console.log(textTable(['target', 'inputs', 'ways', 'slowest', 'failures'], rows))
  console.log(`seed ${seed}, ${seconds.toFixed(1)} s each: ${failed} failures`)
  return failed === 0 ? 0 : 1
}
