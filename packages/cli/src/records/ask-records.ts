import { askJson } from '../mesh/ask.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import type { RunFile, RunningWorkload } from '../up/run-file.ts'
import { readRecordPage, type RecordPage } from './seen-record.ts'

/** What to ask of a proxy's memory. */
export interface RecordQuestion {
  readonly after?: number
  readonly id?: string
  readonly limit?: number
}

/** What a proxy answered, or why it did not. */
export type RecordAnswer =
  | { readonly kind: 'page'; readonly at: RunningWorkload; readonly page: RecordPage }
  | { readonly kind: 'silent'; readonly at: RunningWorkload; readonly why: string }

/** Asks the proxy of a workload. Fails with a sentence. */
export async function askRecords(at: RunningWorkload, question: RecordQuestion): Promise<RecordPage> {
  if (at.proxy === null) throw new CommandFailure(EXIT.negative, `${at.name} has no proxy of this mesh.`)
  const search = new URLSearchParams(Object.entries(question).map(([name, value]) => [name, String(value)]))
  const whom = `The proxy of ${at.name}`
  const page = readRecordPage(await askJson(`${at.proxy.admin}/records?${search}`, whom))
  if (page === undefined) throw new CommandFailure(EXIT.unreachable, `${whom} answers /records in a form that this meshctl does not know.`)
  return page
}

/** Asks all proxies at once; one that does not answer hides nothing of the others. */
export function askAllRecords({ workloads }: RunFile, question: RecordQuestion): Promise<readonly RecordAnswer[]> {
  const asked = workloads.filter((at) => at.proxy !== null)
  return Promise.all(
    asked.map((at) =>
      askRecords(at, question).then(
        (page): RecordAnswer => ({ kind: 'page', at, page }),
        (error: unknown): RecordAnswer => ({ kind: 'silent', at, why: error instanceof Error ? error.message : String(error) }),
      ),
    ),
  )
}
