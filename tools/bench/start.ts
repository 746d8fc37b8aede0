import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { treeCpuSeconds } from './tree-cpu.ts'
import { median } from './report.ts'

/** One start of the sample mesh, until it said that its proxies are in sync. */
export interface Start {
  readonly wallSeconds: number
  /** Of all processes, those that have ended included. */
  readonly cpuSeconds: number
}

const ROOT = resolve(import.meta.dirname, '../..')
const UP = /\bprox(?:y|ies) synced\b/

/** Starts the sample as `npm start` does, `repetitions` times after one that fills the caches; answers the exit code. */
export async function benchStart(repetitions: number): Promise<number> {
  await startOnce()
  const starts: Start[] = []
  for (let round = 0; round < repetitions; round++) {
    const start = await startOnce()
    starts.push(start)
    console.log(lineOf('start', start))
  }
  const middle = (pick: (start: Start) => number): number => median(starts.map(pick))
  console.log(
    lineOf('median', { wallSeconds: middle(({ wallSeconds }) => wallSeconds), cpuSeconds: middle(({ cpuSeconds }) => cpuSeconds) }),
  )
  return 0
}

async function startOnce(): Promise<Start> {
  const began = performance.now()
  // A group of its own, to which Ctrl-C is sent as a terminal would.
  const child = spawn('npm', ['start'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const ended = new Promise((done) => child.once('exit', done))
  try {
    await isUp(child)
    return { wallSeconds: (performance.now() - began) / 1000, cpuSeconds: treeCpuSeconds(child.pid ?? 0) }
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
    await ended
  }
}

function isUp(child: ChildProcess): Promise<void> {
  let output = ''
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('exit', () => failed(new Error(`npm start ended before the mesh was up:\n${output}`)))
    child.stdout?.on('data', (piece: Buffer) => {
      output += piece.toString()
      if (UP.test(output)) done()
    })
  })
}

function lineOf(name: string, { wallSeconds, cpuSeconds }: Start): string {
  return `${name.padEnd(8)} ${cpuSeconds.toFixed(2).padStart(6)} s CPU  ${wallSeconds.toFixed(2).padStart(6)} s wall`
}
