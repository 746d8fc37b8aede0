import { FINDING_CODES } from '@mesh/core/config'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { formatTable } from '../output/table.ts'
import { isFindingCode } from './page-file.ts'

/** `meshctl finding`: the page of a code, or all codes. */
export async function runFinding(code: string | undefined): Promise<ExitCode> {
  if (code === undefined) {
    const rows = Object.entries(FINDING_CODES).map(([name, { severity, meaning }]) => [name, severity, meaning])
    await print(formatTable(['CODE', 'SEVERITY', 'MEANING'], rows))
    return EXIT.ok
  }
  const known = code.toUpperCase()
  if (!isFindingCode(known)) {
    process.stderr.write(`There is no finding "${code}". See: meshctl finding\n`)
    return EXIT.negative
  }
  const { FINDING_PAGES } = await import('./pages.ts')
  await print(FINDING_PAGES[known])
  return EXIT.ok
}
