import complete from '@bomb.sh/tab/commander'
import type { ArgumentHandler, Command as Offered, OptionHandler } from '@bomb.sh/tab'
import type { Command } from 'commander'
import { namesOf, pathsOf, type OfferedName } from './names-of.ts'

/** Adds both commands; values come from the commands' own choices, from the mesh that runs here, and from files that go on as `word` begins. */
export function offerCompletion(program: Command, word: string): void {
  const root = complete(program, { completionCommandName: 'completion' })
  const values = valuesFor(word)
  for (const command of [root, ...root.commands.values()] as readonly Offered[]) {
    setHandlers(command.arguments, values.arguments)
    setHandlers(command.options, values.options)
  }
}

function setHandlers<Handler>(takers: Map<string, { handler?: Handler }>, handlers: Readonly<Record<string, Handler>>): void {
  for (const [name, taker] of takers) {
    const handler = handlers[name]
    if (handler !== undefined) taker.handler = handler
  }
}

/** An argument or option says by its name what it takes. */
function valuesFor(word: string) {
  const offering =
    (names: () => readonly OfferedName[]): ArgumentHandler & OptionHandler =>
    (offer) => {
      for (const { value, what } of names()) offer(value, what)
    }
  const cwd = process.cwd()
  const workloads = offering(() => namesOf(cwd, 'workload'))
  const paths = offering(() => pathsOf(cwd, word))
  const args: Readonly<Record<string, ArgumentHandler>> = { proxy: workloads, workload: workloads, name: workloads, path: paths }
  const options: Readonly<Record<string, OptionHandler>> = {
    namespace: offering(() => namesOf(cwd, 'namespace')),
    from: workloads,
    filename: paths,
    config: paths,
  }
  return { arguments: args, options }
}
