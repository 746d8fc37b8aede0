import { explain, type Explanation, type Question } from '@mesh/core/explain'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { readHeader } from '../output/read-header.ts'
import type { AskedMesh, AskedSender } from './asked-mesh.ts'
import { explanationText, explanationValue, isCertain, isOutside } from './explanation-text.ts'

export interface ExplainOptions extends AskedSender {
  readonly method: string
  readonly url: string
  readonly headers: readonly string[]
  /** Files and folders to ask instead of a running mesh. */
  readonly config: readonly string[]
  readonly output: Format
}

/** `meshctl explain`: runs the engine over the view that the sender's proxy serves, and says who decided what. */
export async function runExplain(options: ExplainOptions): Promise<ExitCode> {
  const headers = options.headers.map(readHeader)
  const url = options.url.includes('://') ? options.url : `http://${options.url}`
  if (!URL.canParse(url)) throw new CommandFailure(EXIT.usage, `"${options.url}" is no URL.`)
  const mesh = await askedMesh(options)
  const { engine, self, ejected } = mesh
  const question: Question = { engine, self, method: options.method, url, headers, ...(ejected === undefined ? {} : { ejected }) }
  const endpoints = shareEndpoints(explain(question))
  const explanation = explain({ ...question, destination: await mesh.destinations(endpoints) })
  const asked = { method: options.method.toUpperCase(), url, from: `${mesh.self.name}.${mesh.self.namespace}`, snapshot: mesh.snapshot }
  await printValue(options.output, explanationValue(asked, explanation), () => explanationText(asked, explanation))
  return isRefused(explanation) ? EXIT.negative : EXIT.ok
}

/** Only what is asked for is loaded: a running mesh needs no compiler. */
async function askedMesh(options: ExplainOptions): Promise<AskedMesh> {
  if (options.config.length === 0) return (await import('./running-mesh.ts')).runningMesh(options)
  return (await import('./offline-mesh.ts')).offlineMesh(options, options.config)
}

/** Where a request may go. */
export function shareEndpoints({ outcome }: Explanation) {
  return outcome.kind === 'forward' ? outcome.shares.flatMap((share) => share.endpoints.map((verdict) => verdict.endpoint)) : []
}

/** Answered with an error by the proxy itself, with nowhere to go, or denied wherever it could go. */
function isRefused({ outcome }: Explanation): boolean {
  if (outcome.kind === 'reply') return outcome.status >= 400
  const abort = outcome.fault?.abort
  if (abort !== undefined && isCertain(abort)) return abort.status >= 400
  const verdicts = outcome.shares.flatMap((share) => share.endpoints)
  if (verdicts.length === 0) return !isOutside(outcome.shares)
  return verdicts.every((verdict) => verdict.refused || verdict.authorization === 'denied')
}
