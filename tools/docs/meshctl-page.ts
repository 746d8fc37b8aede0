import { createProgram } from '../../packages/cli/src/run-meshctl.ts'
import { block, code, markdownPage, table, type Page } from './page.ts'

type Command = ReturnType<typeof createProgram>

/** All commands of `meshctl` with their arguments and flags. */
export function meshctlPage(): Page {
  const program = createProgram({ appsDir: new URL('file:///') }, () => undefined)
  const help = program.createHelp()
  const common = table(
    ['exit code', 'meaning'],
    [
      ['0', 'yes, it worked'],
      ['1', 'it worked, and the answer is no: not valid, not found, not allowed'],
      ['2', 'wrong usage'],
      ['3', 'nobody answers'],
      ['130', 'Ctrl-C stopped a change before it was made, or the wait for it'],
    ],
  )
  const sections = commandsOf(program).flatMap((command) => section(command, help))
  return markdownPage('docs/reference/meshctl.md', 'the commands in `packages/cli/src`', ['# meshctl', INTRO, common, ...sections])
}

const INTRO = 'Asks and runs a mesh. `meshctl COMMAND --help` prints what stands here. Each command answers with an exit code:'

function commandsOf(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help')
    .flatMap((one) => [one, ...commandsOf(one)])
}

function section(command: Command, help: ReturnType<Command['createHelp']>): readonly string[] {
  const args = help.visibleArguments(command).map((one) => [code(one.name()), help.argumentDescription(one)])
  const options = help
    .visibleOptions(command)
    .filter((one) => one.long !== '--help')
    .map((one) => [code(one.flags), help.optionDescription(one)])
  return [
    `## ${nameOf(command)}`,
    sentence(command.description()),
    block('text', help.commandUsage(command)),
    ...(args.length + options.length === 0 ? [] : [table(['argument or flag', 'meaning'], [...args, ...options])]),
  ]
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`
}

function sentence(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
