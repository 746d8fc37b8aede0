import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue } from '../output/print.ts'
import { readHeader } from '../output/read-header.ts'
import { lookForMesh } from '../mesh/find-mesh.ts'
import { loadReport, loadText } from './report.ts'
import { sendAll } from './send-all.ts'
import { countsByVersion, splitsBetween } from './splits.ts'

export interface LoadOptions {
  readonly cwd: string
  readonly url: string
  readonly requests: number
  readonly concurrency: number
  /** Requests begun in a second; absent: as fast as the answers come. */
  readonly rate?: number
  readonly method: string
  readonly data?: string
  readonly header: readonly string[]
  readonly output: 'table' | 'json'
}

/** `meshctl load`: sends requests, and tells how many came back well, how fast, and which versions of the mesh served them. */
export async function runLoad(options: LoadOptions): Promise<ExitCode> {
  const url = options.url.includes('://') ? options.url : `http://${options.url}`
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CommandFailure(EXIT.usage, `"${options.url}" is no HTTP URL.`)
  const headers = options.header.map(readHeader)
  const mesh = lookForMesh(options.cwd)
  const before = await countsByVersion(mesh?.run)
  const stop = new AbortController()
  const onInterrupt = (): void => stop.abort()
  process.once('SIGINT', onInterrupt)
  const results = await sendAll({ ...options, url: new URL(url), headers, signal: stop.signal })
  process.off('SIGINT', onInterrupt)
  const report = loadReport(results, splitsBetween(before, await countsByVersion(mesh?.run)))
  await printValue(options.output, report, () => loadText(report))
  return report.failed === 0 && !stop.signal.aborted ? EXIT.ok : EXIT.negative
}
