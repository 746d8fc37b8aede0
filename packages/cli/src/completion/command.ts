import type { Command } from 'commander'

/**
 * Adds `meshctl completion SHELL`, which prints a script, and the hidden `meshctl complete -- WORDS`, which the script calls.
 * Answers the command line with aliases written out.
 */
export async function addCompletion(program: Command, argv: readonly string[]): Promise<readonly string[]> {
  const { offerCompletion } = await import('./offer-completion.ts')
  const [first = '', ...rest] = argv
  const words = rest[0] === '--' ? [first, '--', ...withoutAliases(program, rest.slice(1))] : argv
  offerCompletion(program, argv.at(-1) ?? '')
  return words
}

/** The place of `meshctl completion` in the help. */
export function addCompletionHelp(program: Command, argv: readonly string[]): readonly string[] {
  program.command('completion').description('print the completion script of a shell: bash, zsh, fish, powershell').argument('<shell>')
  return argv
}

/** Words of a command line in which each command has its own name; the last word is being written, and is left as it is. */
function withoutAliases(program: Command, words: readonly string[]): readonly string[] {
  const [word, ...rest] = words
  const command = rest.length === 0 ? undefined : program.commands.find((one) => one.name() === word || one.aliases().includes(word ?? ''))
  return command === undefined ? words : [command.name(), ...withoutAliases(command, rest)]
}
