import { findMesh } from '../mesh/find-mesh.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { askSupervisor } from '../up/control/client.ts'
import { shellText, type Shell } from './shell-text.ts'

export interface EnvOptions {
  readonly cwd: string
  readonly name: string
  readonly shell: Shell
}

/** `meshctl env`. */
export async function runEnv({ cwd, name, shell }: EnvOptions): Promise<ExitCode> {
  const variables = (await askSupervisor(findMesh(cwd).run.control, { do: 'env', name })) as Readonly<Record<string, string>>
  if (process.stdout.isTTY) process.stderr.write(`# To take it up: eval "$(meshctl env ${name})"\n`)
  await print(shellText(shell, variables))
  return EXIT.ok
}
