import { askSupervisor } from '../up/control/client.ts'
import { findMesh } from '../mesh/find-mesh.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'

/** `meshctl restart`. */
export async function runRestart({
  cwd,
  name,
  proxy,
}: {
  readonly cwd: string
  readonly name: string
  readonly proxy: boolean
}): Promise<ExitCode> {
  const told = await askSupervisor(findMesh(cwd).run.control, { do: 'restart', name, proxy }, (line) => void print(line))
  await print(String(told))
  return EXIT.ok
}
