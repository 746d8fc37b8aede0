import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { ENV } from './mesh.ts'
import { ROOT, SOURCE } from './root.ts'
import { until } from './wait.ts'

/** `meshctl ARGS` at a real pseudo-terminal of 100 columns, which `script` opens. */
export class Terminal {
  readonly process: ChildProcess
  /** Everything that was written to it, escape sequences included. */
  shown = ''

  constructor(cwd: string, ...args: readonly string[]) {
    const line = [process.execPath, ...SOURCE, join(ROOT, 'apps/meshctl/src/main.ts'), ...args].map((one) => `'${one}'`).join(' ')
    const { NO_COLOR: _, ...env }: NodeJS.ProcessEnv = ENV
    this.process = spawn('script', ['-qfec', `stty cols 100; exec ${line}`, '/dev/null'], {
      cwd,
      env: { ...env, TERM: 'xterm-256color', SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.process.stdout?.on('data', (piece: Buffer) => (this.shown += piece.toString()))
  }

  /** Presses keys. */
  type(keys: string): void {
    this.process.stdin?.write(keys)
  }

  /** Waits for what the person would see. */
  until(text: RegExp, withinMs?: number): Promise<unknown> {
    return until(`${text} on the terminal`, () => text.test(this.shown), withinMs).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.shown}`, { cause: error })
    })
  }

  /** Waits until the program has ended. */
  async ended(): Promise<number | null> {
    if (this.process.exitCode === null) await new Promise((resolve) => this.process.once('exit', resolve))
    return this.process.exitCode
  }
}
