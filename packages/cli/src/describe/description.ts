import { yamlText } from '@mesh/core/edit'
import type { KnownObject } from '../get/known-objects.ts'
import { inForce, objectValue, proxyCounts, type ShownObject } from '../get/shown-object.ts'
import { shownPath } from '../output/place.ts'
import { safeLines } from '../output/terminal-safe.ts'

/** An object for people, in kubectl's manner: its names, what it says, and what became of it. */
export function descriptionOf(object: ShownObject): string {
  const { stored, file, known } = object
  const { apiVersion, kind, metadata, status: _status, ...rest } = objectValue(object)
  const meta = metadata as Readonly<Record<string, unknown>>
  const { labels, annotations } = meta
  return safeLines([
    row('Name', stored.located.name),
    ...(stored.located.namespace === '' ? [] : [row('Namespace', stored.located.namespace)]),
    ...pairs('Labels', labels),
    ...pairs('Annotations', annotations),
    row('API Version', String(apiVersion)),
    row('Kind', String(kind)),
    row('File', `${shownPath(file.path)}:${stored.located.line}`),
    row('Version', stored.version ?? '<not valid>'),
    row('In Force', inForce(object)),
    row('Proxies', proxyCounts(object)),
    ...section(rest, kind === 'Secret'),
    ...(known === undefined ? [] : statusLines(known.status)),
  ])
}

const WIDTH = 14

function row(head: string, text: string): string {
  return `${`${head}:`.padEnd(WIDTH)}${text}`
}

function pairs(head: string, value: unknown): readonly string[] {
  const entries = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>).map(([name, one]) => `${name}=${String(one)}`)
  if (entries.length === 0) return [row(head, '<none>')]
  return entries.map((entry, index) => (index === 0 ? row(head, entry) : `${' '.repeat(WIDTH)}${entry}`))
}

/** What the object says; of a secret the names and sizes alone. */
function section(rest: Readonly<Record<string, unknown>>, secret: boolean): readonly string[] {
  const shown = secret ? withoutSecrets(rest) : rest
  return Object.entries(shown).flatMap(([field, value]) => [
    `${field[0]?.toUpperCase() ?? ''}${field.slice(1)}:`,
    ...indented(yamlText(value)),
  ])
}

function withoutSecrets(rest: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const sizes = (value: unknown): unknown =>
    Object.fromEntries(
      Object.entries((value ?? {}) as Readonly<Record<string, unknown>>).map(([name, text]) => [name, `${String(text).length} characters`]),
    )
  return {
    ...rest,
    ...('data' in rest ? { data: sizes(rest['data']) } : {}),
    ...('stringData' in rest ? { stringData: sizes(rest['stringData']) } : {}),
  }
}

function indented(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
}

function statusLines({ conditions, validationMessages = [], proxies }: KnownObject['status']): readonly string[] {
  const behind = [
    ...proxies.refused.map(({ name, reason }) => `  ${name}  refused  ${reason}`),
    ...proxies.lagging.map(({ name, reason }) => `  ${name}  lagging  ${reason}`),
  ]
  return [
    'Conditions:',
    ...conditions.map(({ type, status, reason, message }) => `  ${type.padEnd(16)}${status.padEnd(8)}${reason.padEnd(18)}${message}`),
    ...(behind.length === 0 ? [] : ['Not Serving:', ...behind]),
    ...(validationMessages.length === 0 ? [] : ['Findings:']),
    ...validationMessages.map(
      ({ type, level, message, place }) =>
        `  ${place === undefined ? '' : `${shownPlaceText(place)}: `}${level.toLowerCase()} ${type.code} ${message}`,
    ),
  ]
}

function shownPlaceText(place: string): string {
  const found = /^(.*?)(:\d+:\d+)$/.exec(place)
  return found === null ? place : `${shownPath(found[1] ?? '')}${found[2] ?? ''}`
}
