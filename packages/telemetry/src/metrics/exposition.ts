import { LIMITS } from '../limits.ts'

/** Content type of the text that this package writes (Prometheus text exposition 0.0.4). */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export type MetricKind = 'counter' | 'gauge' | 'histogram'

/** `# HELP` and `# TYPE` of a family. */
export function familyHead(name: string, help: string, kind: MetricKind): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${kind}\n`
}

/** `a="1",b="2"`, escaped and bounded; names and values in the same order. */
export function labelText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escapeLabel(values[index] ?? '')}"`).join(',')
}

/** One sample line; `labels` is what `labelText` made. */
export function sampleLine(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${numberText(value)}\n` : `${name}{${labels}} ${numberText(value)}\n`
}

/** The lines of one histogram; `counts` holds one number per bound and one beyond, not cumulative, from `offset` on. */
export function histogramLines(
  name: string,
  labels: string,
  data: { readonly bounds: readonly number[]; readonly counts: ArrayLike<number>; readonly offset: number; readonly sum: number },
): string {
  const before = labels === '' ? '' : `${labels},`
  let lines = ''
  let total = 0
  for (let index = 0; index < data.bounds.length; index++) {
    total += data.counts[data.offset + index] ?? 0
    lines += `${name}_bucket{${before}le="${numberText(data.bounds[index] ?? 0)}"} ${total}\n`
  }
  total += data.counts[data.offset + data.bounds.length] ?? 0
  return `${lines}${name}_bucket{${before}le="+Inf"} ${total}\n${sampleLine(`${name}_sum`, labels, data.sum)}${sampleLine(`${name}_count`, labels, total)}`
}

/** A number as Prometheus reads it. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** Throws when a name is none that Prometheus reads: a mistake in the program, not in data. */
export function checkNames(metric: string, labels: readonly string[]): void {
  if (!METRIC_NAME.test(metric)) throw new TypeError(`${metric} is no name of a metric`)
  for (const label of labels)
    if (!LABEL_NAME.test(label) || label.startsWith('__') || label === 'le') throw new TypeError(`${label} is no name of a label`)
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /[\u0000-\u001f\u007f"\\]/
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIALS = /[\u0000-\u001f\u007f"\\]/g

function escapeLabel(value: string): string {
  const bounded = value.length > LIMITS.labelValueLength ? value.slice(0, LIMITS.labelValueLength) : value
  return SPECIAL.test(bounded) ? bounded.replace(SPECIALS, escapeOne) : bounded
}

function escapeOne(character: string): string {
  if (character === '\n') return '\\n'
  return character === '"' || character === '\\' ? `\\${character}` : '?'
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
