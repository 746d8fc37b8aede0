import { FINDING_CODES, findingPage, type CodeEntry, type Finding, type FindingCode } from '@mesh/core/config'
import { originName, originPlace } from '@mesh/core/origin'
import { caseFindings, isMeshFileCode, readCase, type FindingCase } from './finding-cases.ts'
import { block, markdownPage, table, type Page } from './page.ts'

const FROM = '`packages/core/src/config/codes.ts` and `docs/findings/cases`'
const CODES = Object.entries(FINDING_CODES) as (readonly [FindingCode, CodeEntry])[]

/** A page for each code, their index, and the same pages for `meshctl finding`. */
export function findingPages(root: string): readonly Page[] {
  const pages = CODES.map(([code, entry]) => ({ code, page: pageOf(code, entry, readCase(root, code)) }))
  return [...pages.map(({ page }) => page), indexPage(), modulePage(pages)]
}

function pageOf(code: FindingCode, entry: CodeEntry, found: FindingCase | undefined): Page {
  const head = [`# ${code} ${entry.name}`, `**${entry.severity}**, in \`meshctl compat\` **${entry.effect}** · ${entry.meaning}`]
  if (found === undefined && entry.internal !== true) throw new Error(`docs/findings/cases/${code} is missing`)
  const body = found === undefined ? [INTERNAL] : caseParts(code, found)
  return markdownPage(findingPage(code), FROM, [...head, ...body])
}

function caseParts(code: FindingCode, { failing, mended, before }: FindingCase): readonly string[] {
  const told = caseFindings(code, isMeshFileCode(code) ? 'mesh.yaml' : 'failing.yaml', { text: failing.text, before: before?.text })
  return [
    failing.about,
    ...(before === undefined ? [] : ['Before:', block('yaml', before.text), 'Then:']),
    block('yaml', failing.text),
    block('text', [...new Set(told.map(findingText))].join('\n')),
    '## What to do',
    mended.about,
    block('yaml', mended.text),
  ]
}

const INTERNAL =
  'No configuration should bring this about: it tells of a mistake in this program. The object is left out, and everything else stands. Please report it with the object.'

/** As every command prints it. */
function findingText({ origin, severity, code, message, fix }: Finding): string {
  const object = origin.name === '' ? undefined : `(${originName(origin)})`
  return [`${originPlace(origin)}:`, severity, code, message, fix, object].filter((part) => part !== undefined).join(' ')
}

function indexPage(): Page {
  const rows = CODES.map(([code, { severity, meaning }]) => [`[${code}](findings/${code}.md)`, severity, meaning])
  return markdownPage('docs/findings.md', FROM, [INDEX, table(['code', 'severity', 'meaning'], rows)])
}

const INDEX = `# Findings

What \`meshctl validate\`, \`meshctl up\`, pilot's log and \`@mesh/core\` say about configuration. Each finding has a code, a severity, the object, file,
line and column, what is wrong, mostly what to write instead, and where to read more. Codes that begin with IST are Istio's.
\`meshctl finding CODE\` prints a page; \`meshctl compat\` tells for a whole folder what works, is ignored, or is refused.

- An **error** quarantines its object: its last good form stays in force, and the rest of the same save applies. Without a last good form
  the object is absent. An AuthorizationPolicy or PeerAuthentication that was never understood denies what it selects.
- A **warning** says that an object works otherwise than it reads. The annotation \`galley.istio.io/analyze-suppress: IST0118,IST0133\` of an
  object keeps warnings about it silent.
- An **info** says that a part of it means nothing here.`

function modulePage(pages: readonly { readonly code: FindingCode; readonly page: Page }[]): Page {
  const entries = pages.map(({ code, page }) => `  ${code}: ${literal(withoutNote(page.text))},`)
  const text = [
    "import type { FindingCode } from '@mesh/core/config'",
    '',
    `/** The pages about findings, as they stand in docs/findings. Made by \`npm run docs\`. */`,
    'export const FINDING_PAGES: Readonly<Record<FindingCode, string>> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
  return { file: 'packages/cli/src/finding/pages.ts', text }
}

function withoutNote(text: string): string {
  return text.replace(/^<!--.*-->\n\n/, '')
}

function literal(text: string): string {
  return `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``
}
