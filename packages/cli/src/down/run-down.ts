import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { askSupervisor } from '../up/control/client.ts'
import { forgetRunning } from '../up/running-index.ts'
import { endLeftovers, forgetRun } from '../up/stale.ts'
import { lookForMesh, lookForRunFile, runningElsewhere, severalText, type FoundMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { foldersOf } from '../up/plan.ts'

/** `meshctl down`: nothing of the mesh runs any more afterwards. */
export async function runDown(path: string): Promise<ExitCode> {
  const given = resolve(path)
  const cwd = statSync(given, { throwIfNoEntry: false })?.isFile() === true ? dirname(given) : given
  const mesh = lookForMesh(cwd)
  if (mesh !== undefined) {
    await print(String(await askSupervisor(mesh.run.control, { do: 'down' }, (line) => void print(line))))
    return EXIT.ok
  }
  const killed = lookForRunFile(cwd)
  if (killed !== undefined) return cleanUp(killed)
  const elsewhere = runningElsewhere()
  throw new CommandFailure(EXIT.unreachable, elsewhere.length === 0 ? 'No running mesh is found from here.' : severalText(elsewhere))
}

async function cleanUp({ dir, run }: FoundMesh): Promise<ExitCode> {
  const { root } = foldersOf(dir)
  const ended = await endLeftovers(root)
  forgetRun(root)
  forgetRunning(dir, process.env)
  await print(
    `${run.name} was killed before (process ${run.pid}); ${ended === 0 ? 'nothing of it ran any more' : `ended ${ended} processes that it had left`}.`,
  )
  return EXIT.ok
}
