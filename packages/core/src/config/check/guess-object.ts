import { KINDS, type KindEntry, type KindName } from '../kinds.ts'
import { isSecurityKind } from './security-kind.ts'

interface GuessedObject {
  readonly objectKind: KindName
  readonly namespace: string
  readonly name: string
}

/** Which object a text stands for that is not readable YAML, by the lines where people write kind and name. */
export function guessObject(text: string): GuessedObject | undefined {
  const kind = /^kind:[ \t]*["']?([A-Za-z]{1,64})/m.exec(text)?.[1]
  if (kind === undefined || !Object.hasOwn(KINDS, kind)) return undefined
  const meta = metadataLines(text)
  const name = fieldIn(meta, 'name') ?? ''
  if (name === '' && !isSecurityKind(kind)) return undefined
  const entry: KindEntry = KINDS[kind as KindName]
  return { objectKind: kind as KindName, namespace: entry.namespaced ? (fieldIn(meta, 'namespace') ?? 'default') : '', name }
}

function metadataLines(text: string): string {
  const begin = /^metadata:[ \t]*$/m.exec(text)
  if (begin === null) return ''
  const lines = text.slice(begin.index + begin[0].length + 1).split('\n')
  const end = lines.findIndex((line) => line !== '' && !/^[ \t#]/.test(line))
  return (end < 0 ? lines : lines.slice(0, end)).join('\n')
}

/** A field of the first level below `metadata`. */
function fieldIn(lines: string, name: string): string | undefined {
  const indent = /^( +)[^ #]/m.exec(lines)?.[1]?.length
  if (indent === undefined || indent > 16) return undefined
  return new RegExp(`^ {${indent}}${name}:[ \\t]*["']?([-.a-z0-9]{1,253})`, 'm').exec(lines)?.[1]
}
