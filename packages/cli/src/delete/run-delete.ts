import { idKey, locateObjects } from '@mesh/core/edit'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { meshToChange, refuseChange, reportChange, tellFindings } from '../store/change-report.ts'
import { interruptible, readUntil } from '../store/interrupt.ts'
import { judgeChanges } from '../store/judge.ts'
import { nameOfKey } from '../store/object-name.ts'
import { planDelete } from '../store/plan-delete.ts'
import { storeFolders } from '../store/store-folders.ts'
import { readStore, type Store } from '../store/store.ts'
import { changeStore } from '../store/transaction.ts'
import { keyFor, readWanted, type Wanted } from '../store/wanted-objects.ts'
import { readSources } from '../validate/read-sources.ts'
import type { DeleteFlags } from './command.ts'

export interface DeleteOptions {
  readonly cwd: string
  readonly what: readonly string[]
  readonly flags: DeleteFlags
}

/** `meshctl delete`: takes objects out of every file of the running mesh in which they stand. */
export function runDelete(options: DeleteOptions): Promise<ExitCode> {
  return interruptible((interrupt) => deleted(options, interrupt))
}

async function deleted({ cwd, what, flags }: DeleteOptions, interrupt: AbortSignal): Promise<ExitCode> {
  const keysIn = await readUntil(interrupt, keysAsked(what, flags))
  const mesh = meshToChange({ cwd, flags })
  const folders = storeFolders(mesh)
  const plan = (store: Store) => {
    const planned = planDelete(store, keysIn(store))
    const { findings } = judgeChanges(store, planned.changes, new Map())
    return { ...planned, findings }
  }
  const planned = flags.dryRun === true ? plan(readStore(folders)) : await changeStore(folders, plan, interrupt)
  if (planned.problems.length > 0) refuseChange(planned.problems)
  tellFindings(planned.findings, cwd)
  const wants = planned.outcomes.map(({ key }) => `${key}@absent`)
  const code = await reportChange(mesh, planned.outcomes, wants, { cwd, flags, interrupt })
  if (planned.missing.length === 0 || flags.ignoreNotFound === true) return code
  throw new CommandFailure(EXIT.negative, planned.missing.map((key) => `${nameOfKey(key)} not found.`).join('\n'))
}

/** Which keys are meant, once the store is read: by file, by name, or all of a kind. */
async function keysAsked(
  what: readonly string[],
  { filename = [], recursive = false, namespace = 'default', all = false }: DeleteFlags,
): Promise<(store: Store) => readonly string[]> {
  if (filename.length > 0 && what.length > 0) throw new CommandFailure(EXIT.usage, 'Name objects or give a file, not both.')
  if (filename.length > 0) {
    const sources = await readSources(filename, recursive)
    const keys = sources.flatMap(({ text }) =>
      locateObjects(text).objects.map((one) => idKey(one.ownNamespace === undefined && one.namespace !== '' ? { ...one, namespace } : one)),
    )
    return () => keys
  }
  const wanted = readWanted(what)
  if (wanted.kind === 'kinds' && !all) throw new CommandFailure(EXIT.usage, 'Name the objects to delete, or write --all.')
  return (store) => keysOf(store, wanted, namespace)
}

function keysOf(store: Store, wanted: Wanted, namespace: string): readonly string[] {
  if (wanted.kind === 'names') return wanted.names.map((one) => keyFor(store, one, namespace))
  const kinds: readonly string[] = wanted.kinds
  return store.files
    .filter(({ keeper }) => keeper !== 'supervisor')
    .flatMap(({ objects }) =>
      objects
        .filter(
          ({ located }) =>
            kinds.includes(located.kind) && (located.namespace === namespace || (located.namespace === '' && kinds.length === 1)),
        )
        .map(({ key }) => key),
    )
}
