import { Command, CommanderError } from 'commander'
import { addApplyCommands } from './apply/command.ts'
import { addCompatCommand } from './compat/command.ts'
import { addCompletion, addCompletionHelp } from './completion/command.ts'
import { addDeleteCommand } from './delete/command.ts'
import { addDescribeCommand } from './describe/command.ts'
import { addDescribeWorkloadCommand } from './describe-workload/command.ts'
import { addDownCommand } from './down/command.ts'
import { addEnvCommand } from './env/command.ts'
import { addExplainCommand } from './explain/command.ts'
import { addGetCommand } from './get/command.ts'
import { addFindingCommand } from './finding/command.ts'
import { addInitCommand } from './init/command.ts'
import { addLoadCommand } from './load/command.ts'
import { addLogsCommand } from './logs/command.ts'
import { addStatusCommand } from './mesh-status/command.ts'
import { addOpenCommand } from './open/command.ts'
import { CommandFailure, EXIT, type ExitCode } from './output/exit-code.ts'
import { terminalSafe } from './output/terminal-safe.ts'
import { addProxyConfigCommand } from './proxy-config/command.ts'
import { addRestartCommand } from './restart/command.ts'
import { addScaleCommand } from './scale/command.ts'
import { addProxyStatusCommand } from './status/command.ts'
import { addTapCommand } from './tap/command.ts'
import { addTopCommand } from './top/command.ts'
import { addTraceCommand } from './trace/command.ts'
import { addUpCommand } from './up/command.ts'
import { addValidateCommand } from './validate/command.ts'
import { addVersionCommand } from './version/command.ts'

export interface MeshctlOptions {
  /** Folder in which each binary of the mesh has its own. */
  readonly appsDir: URL
}

/** Runs one `meshctl` command line, without program and script names; answers the exit code. */
export async function runMeshctl(argv: readonly string[], options: MeshctlOptions): Promise<number> {
  let code: number = EXIT.ok
  const exit = (answer: number): void => {
    code = answer
  }
  const program = createProgram(options, exit)
  const words = COMPLETION.has(argv[0] ?? '') ? await addCompletion(program, argv) : addCompletionHelp(program, argv)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return code
  } catch (error) {
    return failure(error)
  }
}

/** Commands whose machinery is loaded for nothing else. */
const COMPLETION: ReadonlySet<string> = new Set(['completion', 'complete'])

/** Takes the exit code of a command. */
export type Exit = (code: ExitCode) => void

/** The commands, for those that run one and for the reference. */
export function createProgram(options: MeshctlOptions, exit: (code: number) => void): Command {
  const program = new Command('meshctl')
    .description('asks and runs a mesh')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  addUpCommand(program, { appsDir: options.appsDir, exit })
  for (const add of [
    addInitCommand,
    addValidateCommand,
    addCompatCommand,
    addFindingCommand,
    addApplyCommands,
    addDeleteCommand,
    addGetCommand,
    addDescribeCommand,
    addProxyStatusCommand,
    addProxyConfigCommand,
    addExplainCommand,
    addTraceCommand,
    addTapCommand,
    addTopCommand,
    addDescribeWorkloadCommand,
    addLoadCommand,
    addLogsCommand,
    addStatusCommand,
    addRestartCommand,
    addScaleCommand,
    addDownCommand,
    addEnvCommand,
    addOpenCommand,
    addVersionCommand,
  ])
    add(program, exit)
  for (const command of program.commands) command.exitOverride()
  return program
}

function failure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (!(error instanceof CommandFailure)) throw error
  process.stderr.write(`${terminalSafe(error.message)}\n`)
  return error.code
}
