/** One sample of a metrics page. */
export interface ReadSample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

/**
 * Reads Prometheus text exposition 0.0.4 character by character and as strictly as its grammar says; throws on anything else:
 * a family told twice, samples outside their family, labels or samples told twice, buckets that fall.
 */
export function readExposition(text: string): readonly ReadSample[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end')
  const seen = new Set<string>()
  const types = new Map<string, string>()
  const samples: ReadSample[] = []
  let family = ''
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.startsWith('#')) {
      const [, word, name, rest] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line) ?? []
      if (word === undefined || name === undefined || rest === undefined) throw new Error(`a comment that is none: ${line}`)
      if (seen.has(`${word} ${name}`)) throw new Error(`${word} of ${name} is told twice`)
      seen.add(`${word} ${name}`)
      if (word === 'TYPE') types.set(name, rest)
      family = name
      continue
    }
    const sample = readSample(line)
    const suffix = sample.name.slice(family.length)
    const suffixes = types.get(family) === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    if (!sample.name.startsWith(family) || !suffixes.includes(suffix)) throw new Error(`${sample.name} stands in the family ${family}`)
    const key = `${sample.name} ${JSON.stringify([...sample.labels].toSorted())}`
    if (seen.has(key)) throw new Error(`told twice: ${key}`)
    seen.add(key)
    samples.push(sample)
  }
  checkHistograms(samples, types)
  return samples
}

/** The value of the one sample with this name and at least these labels. */
export function valueOf(samples: readonly ReadSample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels.get(label) === value),
  )
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`${found.length} samples of ${name} ${JSON.stringify(labels)}`)
  return only.value
}

function readSample(line: string): ReadSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0]
  if (name === undefined) throw new Error(`no sample: ${line}`)
  const labels = new Map<string, string>()
  let at = name.length
  if (line[at] === '{') {
    at++
    while (line[at] !== '}') at = readLabel(line, at, labels)
    at++
  }
  if (line[at] !== ' ') throw new Error(`no space before the value: ${line}`)
  return { name, labels, value: readNumber(line.slice(at + 1)) }
}

function readLabel(line: string, from: number, labels: Map<string, string>): number {
  const name = /^[a-zA-Z_][a-zA-Z0-9_]*(?==")/.exec(line.slice(from))?.[0]
  if (name === undefined || labels.has(name)) throw new Error(`no label at ${from}: ${line}`)
  let at = from + name.length + 2
  let value = ''
  while (line[at] !== '"') {
    if (at >= line.length) throw new Error(`a label without end: ${line}`)
    value += line[at] === '\\' ? unescape(line[++at]) : line[at]
    at++
  }
  labels.set(name, value)
  at++
  return line[at] === ',' ? at + 1 : at
}

function unescape(character: string | undefined): string {
  if (character === 'n') return '\n'
  if (character === '"' || character === '\\') return character
  throw new Error(`unknown escape \\${character}`)
}

function readNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  if (text === 'NaN') return Number.NaN
  if (!/^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text)) throw new Error(`no number: ${text}`)
  return Number(text)
}

function checkHistograms(samples: readonly ReadSample[], types: ReadonlyMap<string, string>): void {
  const last = new Map<string, { le: number; value: number }>()
  for (const { name, labels, value } of samples) {
    const family = name.replace(/_(bucket|count)$/, '')
    if (types.get(family) !== 'histogram') continue
    const key = `${family} ${JSON.stringify([...labels].filter(([label]) => label !== 'le').toSorted())}`
    const before = last.get(key)
    if (name.endsWith('_bucket')) {
      const le = readNumber(labels.get('le') ?? '')
      if (before !== undefined && (le <= before.le || value < before.value)) throw new Error(`buckets fall: ${key}`)
      last.set(key, { le, value })
    }
    if (name.endsWith('_count') && (before?.le !== Number.POSITIVE_INFINITY || before.value !== value))
      throw new Error(`count differs from +Inf: ${key}`)
  }
}
