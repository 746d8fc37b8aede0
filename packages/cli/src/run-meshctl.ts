import { Command, CommanderError } from 'commander'
import { addUpCommand } from './up/command.ts'

export interface MeshctlOptions {
  /** Folder in which each binary of the mesh has its own. */
  readonly appsDir: URL
}

/** Wrong usage, as opposed to a negative answer (1). */
const USAGE = 2

/** Runs one `meshctl` command line, without program and script names; answers the exit code. */
export async function runMeshctl(argv: readonly string[], options: MeshctlOptions): Promise<number> {
  let code = 0
  const exit = (answer: number): void => {
    code = answer
  }
  const program = new Command('meshctl').description('asks and runs a mesh').exitOverride()
  addUpCommand(program, { appsDir: options.appsDir, exit })
  for (const command of program.commands) command.exitOverride()
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : USAGE
  }
  return code
}
