import { Lexer, Parser, type CST } from 'yaml'
import { CONFIG_LIMITS } from '../limits.ts'

/** What stands at the top of a text: documents and what is around them, and documents that are nested too deep to be read on. */
export type SourceToken = CST.Token | TooDeep

export interface TooDeep {
  readonly type: 'too-deep'
  /** Of the document. */
  readonly offset: number
  /** Where the bound was passed: behind it nothing was read. */
  readonly at: number
}

/**
 * Reads a text into its documents. Nesting is bounded while it is read, so that a document costs no more than what comes before its
 * bound; the next document goes on. Undefined when there are too many.
 */
export function readTokens(text: string): readonly SourceToken[] | undefined {
  const tokens: SourceToken[] = []
  let documents = 0
  let at = 0
  while (at < text.length) {
    const from = at
    at = text.length
    for (const token of tokensFrom(text, from)) {
      if (token.type === 'document' || token.type === 'too-deep') documents++
      if (documents > CONFIG_LIMITS.maxDocumentsPerSource) return undefined
      tokens.push(token)
      if (token.type === 'too-deep') at = nextDocument(text, token.at)
    }
  }
  return tokens
}

/** Up to the end, or to the first document that is too deep. */
function* tokensFrom(text: string, from: number): Generator<SourceToken> {
  const parser = new Parser()
  parser.offset = from
  for (const lexeme of new Lexer().lex(from === 0 ? text : text.slice(from))) {
    yield* parser.next(lexeme)
    if (parser.stack.length <= CONFIG_LIMITS.maxTokenDepth) continue
    yield { type: 'too-deep', offset: parser.stack[0]?.offset ?? from, at: parser.offset }
    return
  }
  yield* parser.end()
}

/** `---` at the begin of a line begins a document wherever it stands. */
function nextDocument(text: string, from: number): number {
  const mark = /^---(?=\s|$)/gm
  mark.lastIndex = from
  return mark.exec(text)?.index ?? text.length
}
