import { findMesh } from '../mesh/find-mesh.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { shortNames } from '../records/short-names.ts'
import { findCall } from './find-call.ts'
import { traceText, traceValue } from './trace-text.ts'

export interface TraceOptions {
  readonly cwd: string
  readonly id: string
  readonly output: Format
}

/** `meshctl trace`: the way that one request took, from what all proxies remember. */
export async function runTrace({ cwd, id, output }: TraceOptions): Promise<ExitCode> {
  const { run } = findMesh(cwd)
  const found = await findCall(run, id)
  const names = shortNames(run)
  await printValue(output, traceValue(found, names), () => traceText(found, names))
  return EXIT.ok
}
