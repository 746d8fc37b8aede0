import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** Links inside the repository's Markdown: each names a file that is there, and a heading that the file has. */
export function checkLinks(root: string): readonly string[] {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' })
  return files
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)))
    .flatMap((file) => brokenLinks(root, file))
}

/** What is wrong with the links of one Markdown file. */
export function brokenLinks(root: string, file: string): readonly string[] {
  const text = withoutCode(readFileSync(join(root, file), 'utf8'))
  return [...text.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].flatMap((match) => {
    const fault = faultOf(root, file, match[1] ?? '')
    const line = text.slice(0, match.index).split('\n').length
    return fault === undefined ? [] : [`${file}:${line}: ${fault}`]
  })
}

function faultOf(root: string, file: string, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return undefined
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? file : normalize(join(dirname(file), path))
  if (target.startsWith('..')) return `${link} leaves the repository`
  if (!existsSync(join(root, target))) return `${link} does not exist`
  if (anchor === undefined || !target.endsWith('.md')) return undefined
  return anchorsOf(readFileSync(join(root, target), 'utf8')).has(anchor) ? undefined : `${link} names no heading`
}

/** Headings as GitHub names them. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.replaceAll(FENCED, '').matchAll(/^#{1,6}\s+(.+)$/gm)].map((match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  )
}

const FENCED = /^```[\s\S]*?^```/gm

/** Code becomes blanks, so that lines keep their numbers. */
function withoutCode(markdown: string): string {
  return markdown.replaceAll(FENCED, blank).replaceAll(/`[^`\n]*`/g, blank)
}

function blank(code: string): string {
  return code.replaceAll(/[^\n]/g, ' ')
}
