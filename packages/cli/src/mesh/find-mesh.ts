import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { RunFile, RunningWorkload } from '../up/run-file.ts'
import { CLI_LIMITS } from '../limits.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { isOurFile, isOurFolder } from '../up/is-ours.ts'
import { notedDirs } from '../up/running-index.ts'

export interface FoundMesh {
  /** Folder that holds `.mesh`. */
  readonly dir: string
  readonly run: RunFile
}

/** The mesh that runs in this folder, one of its parents, or the sample below one of them; else the only one of this user. */
export function findMesh(cwd: string): FoundMesh {
  const mesh = lookForMesh(cwd)
  if (mesh !== undefined) return mesh
  const killed = lookForRunFile(cwd)
  if (killed !== undefined)
    throw new CommandFailure(
      EXIT.unreachable,
      `The mesh of ${killed.dir} was killed (process ${killed.run.pid}); \`meshctl up\` starts it anew, \`meshctl down\` only cleans up.`,
    )
  const [elsewhere, ...more] = runningElsewhere()
  if (elsewhere !== undefined && more.length === 0) return elsewhere
  throw new CommandFailure(EXIT.unreachable, elsewhere === undefined ? NONE : severalText([elsewhere, ...more]))
}

const NONE = 'No running mesh is found from here. Start one with `meshctl up`, or name its pilot with --pilot.'

/** What to say where it is not clear which mesh is meant. */
export function severalText(meshes: readonly FoundMesh[]): string {
  return `No mesh runs here, but elsewhere: ${meshes.map(({ dir, run }) => `${run.name} in ${dir}`).join(', ')}. Go there to ask it.`
}

/** This user's meshes that run, wherever. */
export function runningElsewhere(): readonly FoundMesh[] {
  return notedDirs(process.env).flatMap((dir) => {
    const run = readRunFile(join(dir, '.mesh'))
    return run === undefined || !isAlive(run.pid) ? [] : [{ dir, run }]
  })
}

/** Like `findMesh`, without failing. */
export function lookForMesh(cwd: string): FoundMesh | undefined {
  const found = lookForRunFile(cwd)
  return found !== undefined && isAlive(found.run.pid) ? found : undefined
}

/** The mesh that runs here, or was killed and left its run file. */
export function lookForRunFile(cwd: string): FoundMesh | undefined {
  return lookFromHere(cwd, (dir) => {
    const run = readRunFile(join(dir, '.mesh'))
    return run === undefined ? undefined : { dir, run }
  })
}

/** What is found first in this folder, one of its parents, or the sample below one of them. */
export function lookFromHere<T>(cwd: string, look: (dir: string) => T | undefined): T | undefined {
  let dir = resolve(cwd)
  for (let step = 0; step < CLI_LIMITS.maxParents; step++) {
    for (const candidate of [dir, join(dir, 'samples/bookshop')]) {
      const found = look(candidate)
      if (found !== undefined) return found
    }
    const parent = dirname(dir)
    if (parent === dir) return undefined
    dir = parent
  }
  return undefined
}

/** Where pilot's monitoring port is: as named, else of the mesh that is found. */
export function pilotUrl(cwd: string, named: string | undefined): string {
  if (named === undefined) return findMesh(cwd).run.pilot.monitoring
  const url = named.includes('://') ? named : `http://${named}`
  if (!URL.canParse(url)) throw new CommandFailure(EXIT.usage, `--pilot takes an address like 127.0.0.1:15014, not "${named}".`)
  return new URL(url).origin
}

/** A workload with a proxy, by `reviews-v1-0`, `reviews-v1-0.default`, the first replica of `reviews-v1`, or the first one of the application `reviews`. */
export function findWorkload(mesh: FoundMesh, name: string, namespace: string | undefined): RunningWorkload {
  const dot = name.lastIndexOf('.')
  const tries = [{ name, namespace }]
  if (dot > 0) tries.unshift({ name: name.slice(0, dot), namespace: name.slice(dot + 1) })
  for (const want of tries) {
    const there = mesh.run.workloads.filter((one) => want.namespace === undefined || one.namespace === want.namespace)
    const found =
      there.find((one) => one.name === want.name) ??
      there.find((one) => one.workload === want.name) ??
      there.find((one) => one.labels['app'] === want.name)
    if (found !== undefined) return found
  }
  const names = mesh.run.workloads.map((one) => `${one.name}.${one.namespace}`).join(', ')
  throw new CommandFailure(EXIT.negative, `There is no workload "${name}" in this mesh. It has ${names}.`)
}

/** Whether there is such a process, of whoever. */
function isAlive(pid: number | undefined): boolean {
  try {
    return pid === undefined || process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** What another user wrote, or could have, names processes and addresses of his choice: it is no mesh of ours. */
function readRunFile(root: string): RunFile | undefined {
  const path = join(root, 'run.json')
  try {
    return isOurFolder(root) && isOurFile(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RunFile) : undefined
  } catch {
    return undefined
  }
}
