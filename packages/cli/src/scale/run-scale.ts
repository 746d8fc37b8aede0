import { askSupervisor } from '../up/control/client.ts'
import { findMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { MAX_REPLICAS } from '../up/limits.ts'

/** `meshctl scale`: one wish after the other, none when one of them cannot be read. */
export async function runScale(cwd: string, texts: readonly string[]): Promise<ExitCode> {
  const wishes = texts.map(wishOf)
  const { control } = findMesh(cwd).run
  for (const { name, replicas } of wishes)
    await print(String(await askSupervisor(control, { do: 'scale', name, replicas }, (line) => void print(line))))
  return EXIT.ok
}

function wishOf(text: string): { readonly name: string; readonly replicas: number } {
  const [, name, count] = /^([^=]+)=(\d{1,6})$/.exec(text) ?? []
  if (name === undefined) throw new CommandFailure(EXIT.usage, `Write NAME=COUNT, like reviews-v1=3, not "${text}".`)
  const replicas = Number(count)
  if (replicas > MAX_REPLICAS) throw new CommandFailure(EXIT.usage, `A workload has at most ${MAX_REPLICAS} replicas.`)
  return { name, replicas }
}
