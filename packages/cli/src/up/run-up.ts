import { isColourful } from '../output/print.ts'
import { SAME_SIGNAL_MS } from './limits.ts'
import { plainScreen, terminalScreen } from './screen/screen.ts'
import { up, type UpOptions } from './up.ts'

const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const PASSED_ON = ['SIGUSR1', 'SIGUSR2'] as const

/** `meshctl up` in this process: stops at a signal, when the terminal goes away, and when the process that started it is gone. */
export async function runUp(options: Pick<UpOptions, 'path' | 'ca' | 'telemetry' | 'appsDir'>): Promise<number> {
  const signals = new Signals()
  // A terminal that is gone makes each write fail; that must not end the supervisor before its children.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const screen = isColourful() ? terminalScreen(process.stdout) : plainScreen(process.stdout)
  try {
    return await up({
      ...options,
      ...begin(process.env),
      meshctl: meshctlHint(),
      env: process.env,
      cwd: process.cwd(),
      say: (line) => screen.say(line),
      show: (status) => screen.show(status),
      complain: (line) => void process.stderr.write(`${line}\n`),
      signal: signals.stop.signal,
      hurry: signals.hurry.signal,
      onRunning: (pass) => (signals.pass = pass),
    })
  } finally {
    signals.close()
    if (process.connected) process.disconnect?.()
  }
}

/** The first signal stops the mesh in order, one that comes later ends it at once; those of users go on to the applications. */
class Signals {
  readonly stop = new AbortController()
  readonly hurry = new AbortController()
  pass: (signal: NodeJS.Signals) => void = () => {}
  #stoppedMs: number | undefined

  constructor() {
    for (const signal of STOPS) process.on(signal, this.#onStop)
    for (const signal of PASSED_ON) process.on(signal, this.#onPass)
    process.once('disconnect', this.#onStop)
  }

  close(): void {
    for (const signal of STOPS) process.off(signal, this.#onStop)
    for (const signal of PASSED_ON) process.off(signal, this.#onPass)
    process.off('disconnect', this.#onStop)
  }

  readonly #onStop = (): void => {
    this.#stoppedMs ??= performance.now()
    if (this.stop.signal.aborted && performance.now() - this.#stoppedMs > SAME_SIGNAL_MS) this.hurry.abort()
    this.stop.abort()
  }

  readonly #onPass = (signal: NodeJS.Signals): void => this.pass(signal)
}

/** What `npm start` did before it came to this: MESH_STARTED_AT is when it began (Unix ms), MESH_BEFORE what it has done. */
function begin(env: NodeJS.ProcessEnv): Pick<UpOptions, 'before' | 'sinceMs'> {
  const { MESH_STARTED_AT, MESH_BEFORE } = env
  const startedAt = Number(MESH_STARTED_AT)
  return {
    ...(startedAt > 0 ? { sinceMs: performance.now() - (Date.now() - startedAt) } : {}),
    ...(MESH_BEFORE === undefined || MESH_BEFORE === '' ? {} : { before: [MESH_BEFORE] }),
  }
}

/** Under npm meshctl is a program of the package. */
function meshctlHint(): string {
  return process.env['npm_lifecycle_event'] === undefined ? 'meshctl' : 'npx meshctl'
}
