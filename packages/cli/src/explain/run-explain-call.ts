import { explain, type Question } from '@mesh/core/explain'
import { findMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import type { Seen } from '../records/seen-record.ts'
import { shortNames } from '../records/short-names.ts'
import { findCall } from '../trace/find-call.ts'
import { decisivePath, type Step } from '../trace/path-line.ts'
import type { AskedMesh } from './asked-mesh.ts'
import { callText, callValue, type LiveAnswer } from './call-text.ts'
import { shareEndpoints } from './run-explain.ts'
import { runningMesh } from './running-mesh.ts'

export interface ExplainCallOptions {
  readonly cwd: string
  readonly id: string
  readonly output: Format
}

/** `meshctl explain ID`: what decided about a call that happened, as recorded, and while nothing has changed since as configured. */
export async function runExplainCall({ cwd, id, output }: ExplainCallOptions): Promise<ExitCode> {
  const { run } = findMesh(cwd)
  const found = await findCall(run, id)
  const names = shortNames(run)
  const calls = await Promise.all(
    found.roots.map(async (root) => {
      const steps = decisivePath(root, names)
      return { root, steps, live: await liveAnswer(cwd, steps.at(-1)) }
    }),
  )
  await printValue(output, callValue(found, calls), () => callText(found, calls, names))
  return EXIT.ok
}

/** What the engine says to the same question now, when the proxy that decided still has the same view. */
async function liveAnswer(cwd: string, step: Step | undefined): Promise<LiveAnswer> {
  const sender = step === undefined ? undefined : senderOf(step)
  if (sender === undefined) return { kind: 'none' }
  try {
    const mesh = await runningMesh({ cwd, from: sender.at.name, namespace: sender.at.namespace })
    const { snapshot } = sender.record
    return mesh.snapshot === snapshot ? await asked(mesh, sender) : { kind: 'changed', from: snapshot, to: mesh.snapshot }
  } catch (error) {
    if (error instanceof CommandFailure) return { kind: 'none' }
    throw error
  }
}

/** Whose proxy chose the way: the caller's, or at the beginning the one that the request came to. */
function senderOf({ node }: Step): Seen | undefined {
  const sender = node.sent ?? node.came
  const { record } = sender ?? {}
  return record?.reporter === 'source' && record.protocol === 'http' && record.method !== 'CONNECT' ? sender : undefined
}

async function asked(mesh: AskedMesh, { record }: Seen): Promise<LiveAnswer> {
  const { method, authority, path, routeOrigin } = record
  const url = `http://${authority}${path}`
  const taken = routeOrigin === undefined ? {} : { taken: routeOrigin }
  const question: Question = { engine: mesh.engine, self: mesh.self, method, url, ...taken }
  const explanation = explain({ ...question, destination: await mesh.destinations(shareEndpoints(explain(question))) })
  const from = `${mesh.self.name}.${mesh.self.namespace}`
  return { kind: 'same', asked: { method, url, from, snapshot: mesh.snapshot }, explanation }
}
