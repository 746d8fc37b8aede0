import { up, type UpOptions } from './up.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `meshctl up` in this process: stops at a signal, when the terminal goes away, and when the process that started it is gone. */
export async function runUp(options: Pick<UpOptions, 'path' | 'ca' | 'telemetry' | 'appsDir'>): Promise<number> {
  const stop = new AbortController()
  const onStop = (): void => stop.abort()
  // A terminal that is gone makes each write fail; that must not end the supervisor before its children.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  for (const signal of SIGNALS) process.on(signal, onStop)
  process.once('disconnect', onStop)
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const complain = (line: string): void => void process.stderr.write(`${line}\n`)
  try {
    return await up({
      ...options,
      meshctl: meshctlHint(),
      env: process.env,
      cwd: process.env['INIT_CWD'] ?? process.cwd(),
      say,
      complain,
      signal: stop.signal,
    })
  } finally {
    for (const signal of SIGNALS) process.off(signal, onStop)
    if (process.connected) process.disconnect?.()
  }
}

/** Under npm the command is a script of the package. */
function meshctlHint(): string {
  return process.env['npm_lifecycle_event'] === undefined ? 'meshctl' : 'npm run -s meshctl --'
}
