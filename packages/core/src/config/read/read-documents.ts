import { Composer, type CST, type Document } from 'yaml'
import { CONFIG_LIMITS } from '../limits.ts'
import { linePlaces } from './line-places.ts'
import type { SourceText } from './plain-value.ts'
import { readTokens, type SourceToken, type TooDeep } from './read-tokens.ts'

/** A YAML document of a source, composed, or why it cannot be. */
export interface ReadDocument {
  /** Absent where the document is not readable. */
  readonly node?: Document.Parsed['contents']
  readonly fault?: TextFault
  /** The text of the document. */
  readonly text: string
  readonly offset: number
}

export interface TextFault {
  readonly message: string
  readonly offset: number
  readonly tooLarge?: boolean
}

export interface ReadText extends SourceText {
  readonly documents: readonly ReadDocument[]
  /** Why the source as a whole is refused. */
  readonly fault?: TextFault
}

const SKIPPED_TAGS = new Set(['binary', 'omap', 'pairs', 'set', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`))

/** Splits a text into YAML 1.1 documents as kubectl reads them (no sexagesimals, no dates). Never throws. */
export function readDocuments(text: string): ReadText {
  const placeOf = linePlaces(text)
  const refused = (message: string): ReadText => ({ documents: [], fault: { message, offset: 0, tooLarge: true }, text, placeOf })
  const { maxSourceChars, maxDocumentsPerSource } = CONFIG_LIMITS
  if (text.length > maxSourceChars) return refused(`The source is ${text.length} characters long; at most ${maxSourceChars} are read.`)
  const tokens = readTokens(text)
  if (tokens === undefined) return refused(`The source holds more than ${maxDocumentsPerSource} documents.`)
  const groups = groupTokens(tokens)
  return { documents: groups.map((group, index) => composeDocument(text, group, groups[index + 1])), text, placeOf }
}

interface TokenGroup {
  readonly tokens: CST.Token[]
  readonly offset: number
  readonly deep?: TooDeep
}

/** Each document with the directives and comments before it, so that one cannot spoil the next; what is no document stands alone. */
function groupTokens(tokens: readonly SourceToken[]): TokenGroup[] {
  const groups: TokenGroup[] = []
  let open: TokenGroup | undefined
  for (const token of tokens) {
    if (token.type === 'too-deep') {
      if (open !== undefined) groups.splice(groups.indexOf(open), 1)
      groups.push({ tokens: [], offset: open?.offset ?? token.offset, deep: token })
      open = undefined
      continue
    }
    if (token.type === 'error') {
      groups.push({ tokens: [token], offset: Math.max(token.offset, 0) })
      continue
    }
    if (open === undefined) groups.push((open = { tokens: [], offset: token.offset < 0 ? 0 : token.offset }))
    open.tokens.push(token)
    if (token.type === 'document') open = undefined
  }
  const last = groups.at(-1)
  if (groups.length > 1 && last !== undefined && isRemnant(last)) {
    groups.pop()
    groups.at(-1)?.tokens.push(...last.tokens)
  }
  return groups
}

/** Comments behind the last document. */
function isRemnant({ tokens, deep }: TokenGroup): boolean {
  return deep === undefined && !tokens.some((token) => token.type === 'document' || token.type === 'error')
}

function composeDocument(text: string, group: TokenGroup, next: TokenGroup | undefined): ReadDocument {
  const own = { text: text.slice(group.offset, next?.offset ?? text.length), offset: group.offset }
  if (group.deep !== undefined) {
    const message = `The document is nested deeper than ${CONFIG_LIMITS.maxTokenDepth} levels.`
    return { ...own, fault: { message, offset: group.deep.at, tooLarge: true } }
  }
  try {
    const composer = new Composer({
      version: '1.1',
      uniqueKeys: false,
      prettyErrors: false,
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || (!SKIPPED_TAGS.has(tag.tag) && tag.format !== 'TIME')),
    })
    const [document] = [...composer.compose(group.tokens, true, own.offset + own.text.length)]
    const error = document?.errors[0] ?? document?.warnings[0]
    if (error !== undefined) return { ...own, fault: { message: sentence(error.message), offset: error.pos[0] } }
    return { ...own, node: document?.contents ?? null }
  } catch (error) {
    return {
      ...own,
      fault: { message: sentence(error instanceof Error ? error.message : 'The document is not readable'), offset: own.offset },
    }
  }
}

function sentence(text: string): string {
  const line = text.split('\n')[0] ?? ''
  return line.endsWith('.') ? line : `${line}.`
}
