import type { ConfigSource } from '@mesh/core/config'
import { yamlText } from '@mesh/core/edit'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { meshToChange, refuseChange, reportChange, tellFindings } from '../store/change-report.ts'
import { incomingSet, type Incoming, type IncomingObject } from '../store/incoming.ts'
import { judgeChanges } from '../store/judge.ts'
import { interruptible, readUntil } from '../store/interrupt.ts'
import type { ChangeFlags } from '../store/options.ts'
import { planPut } from '../store/plan-put.ts'
import type { PutVerb, StorePlan } from '../store/store-plan.ts'
import { storeFolders, type StoreFolders } from '../store/store-folders.ts'
import { readStore, type Store } from '../store/store.ts'
import { changeStore } from '../store/transaction.ts'
import { readSources } from '../validate/read-sources.ts'

export interface ApplyOptions {
  readonly verb: PutVerb
  readonly cwd: string
  readonly flags: ChangeFlags
}

/** `meshctl apply|create|replace`: puts valid objects into the files of the running mesh, all of them or none. */
export function runApply(options: ApplyOptions): Promise<ExitCode> {
  return interruptible((interrupt) => applied(options, interrupt))
}

async function applied({ verb, cwd, flags }: ApplyOptions, interrupt: AbortSignal): Promise<ExitCode> {
  const { filename = [], recursive = false, namespace, dryRun = false } = flags
  if (filename.length === 0) throw new CommandFailure(EXIT.usage, `Say what to ${verb}, like -f reviews.yaml; - is standard input.`)
  const mesh = meshToChange({ cwd, flags })
  const incoming = validated(await readUntil(interrupt, readSources(filename, recursive)), { namespace, verb, cwd })
  const folders = storeFolders(mesh)
  const plan = (store: Store): JudgedPlan => judged(store, incoming, { verb, folders })
  const planned = dryRun ? plan(readStore(folders)) : await changeStore(folders, plan, interrupt)
  tellFindings(planned.findings, cwd)
  for (const note of planned.notes) process.stderr.write(`${note}\n`)
  if (planned.problems.length > 0) refuseChange(planned.problems)
  const wants = incoming.objects.map(({ key, version }) => `${key}@${version}`)
  await printObjects(incoming.objects, flags)
  return reportChange(mesh, planned.outcomes, wants, { cwd, flags, interrupt })
}

/** Everything there is to be said about the set is said; an error ends the command. */
function validated(
  sources: readonly ConfigSource[],
  { namespace, verb, cwd }: { readonly namespace: string | undefined; readonly verb: PutVerb; readonly cwd: string },
): Incoming {
  const incoming = incomingSet(sources, namespace)
  tellFindings(incoming.findings, cwd)
  const errors = incoming.findings.filter(({ severity }) => severity === 'error').length
  if (errors > 0) refuseChange([`${errors} ${errors === 1 ? 'error' : 'errors'} in what was to be ${PASSED[verb]}.`])
  if (incoming.problems.length > 0) refuseChange(incoming.problems)
  if (incoming.objects.length === 0) throw new CommandFailure(EXIT.negative, `There is no object of this mesh to ${verb}.`)
  return incoming
}

const PASSED = { apply: 'applied', create: 'created', replace: 'replaced' } as const

type JudgedPlan = StorePlan & ReturnType<typeof judgeChanges>

/** A plan together with what pilot would say of its result; one that pilot would not take changes nothing. */
function judged(
  store: Store,
  { objects, findings: known }: Incoming,
  options: { readonly verb: PutVerb; readonly folders: StoreFolders },
): JudgedPlan {
  const planned = planPut(store, objects, options)
  if (planned.problems.length > 0) return { ...planned, findings: [] }
  const judgement = judgeChanges(store, planned.changes, new Map(objects.map(({ key, version }) => [key, version])))
  const told = new Set(known.map(({ code, message }) => `${code} ${message}`))
  const findings = judgement.findings.filter(({ code, message }) => !told.has(`${code} ${message}`))
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`)
  const problems = [...judgement.problems, ...errors]
  return { ...planned, findings, problems, changes: problems.length > 0 ? [] : planned.changes }
}

async function printObjects(objects: readonly IncomingObject[], { output }: ChangeFlags): Promise<void> {
  if (output !== 'json' && output !== 'yaml') return
  const values = objects.map(({ located }) => located.value)
  const value = values.length === 1 ? values[0] : { apiVersion: 'v1', kind: 'List', items: values }
  await print(output === 'json' ? JSON.stringify(value, undefined, 2) : yamlText(value))
}
