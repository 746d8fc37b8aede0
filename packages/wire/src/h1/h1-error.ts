/** Why bytes are no acceptable HTTP/1.1 message, and what a server answers. The connection must close afterwards. */
export interface H1Error {
  readonly code: H1ErrorCode
  /** For a request; a bad reply of an upstream is a 502 whatever its code. */
  readonly status: number
  /** One plain sentence. */
  readonly message: string
}

/** The table from code to answer. */
export const H1_ERRORS = {
  'bad-method': [400, 'The method is no token.'],
  'bad-target': [400, 'The request target is malformed.'],
  'bad-version': [400, 'The protocol version is malformed.'],
  'no-http': [400, 'This is no HTTP.'],
  'unsupported-version': [505, 'Only HTTP/1.0 and HTTP/1.1 are spoken here.'],
  'bad-status-line': [502, 'The status line is malformed.'],
  'too-many-interim-replies': [502, 'The upstream sends interim replies without end.'],
  'bad-header-name': [400, 'A header name is empty or holds a character that is no token.'],
  'bad-header-value': [400, 'A header value holds a control character.'],
  'bad-line-end': [400, 'A line does not end in CR LF.'],
  'folded-header': [400, 'A header line is folded.'],
  'head-too-large': [431, 'The head is larger than this server takes.'],
  'too-many-headers': [431, 'The head has more lines than this server takes.'],
  'missing-host': [400, 'The Host header is missing.'],
  'duplicate-host': [400, 'There is more than one Host header.'],
  'bad-host': [400, 'The Host header is malformed.'],
  'bad-content-length': [400, 'The Content-Length is no number.'],
  'duplicate-content-length': [400, 'There is more than one Content-Length.'],
  'length-and-chunked': [400, 'Content-Length and Transfer-Encoding exclude each other.'],
  'bad-transfer-encoding': [501, 'The only transfer coding understood here is "chunked".'],
  'bad-expectation': [417, 'The only expectation understood here is "100-continue".'],
  'bad-chunk-size': [400, 'A chunk size is no hexadecimal number.'],
  'bad-chunk-extension': [400, 'A chunk extension is malformed.'],
  'chunk-extension-too-large': [400, 'The chunk extensions are larger than this server takes.'],
  'bad-chunk-end': [400, 'A chunk is not followed by CR LF.'],
  'forbidden-trailer': [400, 'A trailer names a header that frames or routes the message.'],
  'trailer-too-large': [431, 'The trailers are larger than this server takes.'],
  incomplete: [400, 'The connection ended in the middle of a message.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type H1ErrorCode = keyof typeof H1_ERRORS

export function h1Error(code: H1ErrorCode): H1Error {
  const [status, message] = H1_ERRORS[code]
  return { code, status, message }
}
