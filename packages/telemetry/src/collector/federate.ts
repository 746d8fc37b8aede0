import { labelText, sampleLine, familyHead } from '../metrics/exposition.ts'

/** A metrics page that was scraped, or could not be. */
export interface Scraped {
  /** `host:port`, what Prometheus calls the instance. */
  readonly instance: string
  readonly text: string | undefined
}

interface MergedFamily {
  help: string | undefined
  type: string | undefined
  readonly samples: string[]
}

/**
 * Many pages of Prometheus text as one: each family once, each sample with the label `instance` of its page,
 * and `up` telling which pages could be read. Lines that are no exposition are left out.
 */
export function federate(pages: readonly Scraped[]): string {
  const families = new Map<string, MergedFamily>()
  for (const { instance, text } of pages) if (text !== undefined) mergePage(families, text, labelText(['instance'], [instance]))
  const up = familyHead('up', 'Whether the page of this instance could be read.', 'gauge')
  const ups = pages.map(({ instance, text }) => sampleLine('up', labelText(['instance'], [instance]), text === undefined ? 0 : 1))
  return [...families].map(([name, family]) => familyText(name, family)).join('') + up + ups.join('')
}

function mergePage(families: Map<string, MergedFamily>, text: string, instance: string): void {
  let current = ''
  for (const line of text.split('\n')) {
    const comment = COMMENT.exec(line)
    if (comment !== null) {
      const [, word, name = '', rest = ''] = comment
      current = name
      const family = familyOf(families, name)
      if (word === 'HELP') family.help ??= rest
      else if (TYPES.has(rest)) family.type ??= rest
      continue
    }
    const sample = SAMPLE.exec(line)
    if (sample === null) continue
    const [, name = '', labels = '', value = ''] = sample
    const owner = belongs(name, current) ? current : name
    if (owner === 'up') continue
    familyOf(families, owner).samples.push(`${name}{${instance}${labels === '' ? '' : `,${labels}`}} ${value}\n`)
  }
}

const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*)(?: (.*))?$/
/** Labels hold quoted text in which quotes and backslashes are escaped; a value may have a timestamp behind it. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\.)*",?)*)\})? ([-+.\w]+(?: -?\d+)?)$/
const TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped'])
const SUFFIXES: ReadonlySet<string> = new Set(['', '_bucket', '_sum', '_count'])

function belongs(name: string, family: string): boolean {
  return family !== '' && name.startsWith(family) && SUFFIXES.has(name.slice(family.length))
}

function familyOf(families: Map<string, MergedFamily>, name: string): MergedFamily {
  const known = families.get(name)
  if (known !== undefined) return known
  const made: MergedFamily = { help: undefined, type: undefined, samples: [] }
  families.set(name, made)
  return made
}

function familyText(name: string, { help, type, samples }: MergedFamily): string {
  if (samples.length === 0) return ''
  return `${help === undefined ? '' : `# HELP ${name} ${help}\n`}# TYPE ${name} ${type ?? 'untyped'}\n${samples.join('')}`
}
