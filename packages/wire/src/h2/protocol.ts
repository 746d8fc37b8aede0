/** Frame types (RFC 9113 section 6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

/** Flags of frames; `ack` is the first bit of SETTINGS and PING. */
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const

/** Error codes (RFC 9113 section 7). */
export const H2_ERROR = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  CONNECT_ERROR: 10,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
  HTTP_1_1_REQUIRED: 13,
} as const

export type H2ErrorName = keyof typeof H2_ERROR

/** The name of a code; unknown ones mean what an internal error means (RFC 9113 section 7). */
export function h2ErrorName(code: number): H2ErrorName {
  return NAMES_BY_CODE[code] ?? 'INTERNAL_ERROR'
}

const NAMES_BY_CODE = Object.keys(H2_ERROR) as readonly H2ErrorName[]

/** Settings that are understood (RFC 9113 section 6.5.2, RFC 8441). */
export const SETTING = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
  enableConnectProtocol: 8,
} as const

/** What a client says first. */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

/** Whether a connection's first bytes begin the preface; four bytes tell, for no request of HTTP/1.1 begins with them. */
export function sniffPreface(bytes: Uint8Array): 'yes' | 'no' | 'more' {
  for (let at = 0; at < 4; at++) {
    if (at === bytes.length) return 'more'
    if (bytes[at] !== PREFACE.charCodeAt(at)) return 'no'
  }
  return 'yes'
}

export const FRAME_HEAD_BYTES = 9
export const DEFAULT_WINDOW = 65_535
export const DEFAULT_FRAME_BYTES = 16_384
export const MAX_WINDOW = 0x7fff_ffff
export const MAX_STREAM_ID = 0x7fff_ffff

/** Why a connection cannot go on, or one stream: with the code for the peer and a sentence for the log. */
export interface H2Fault {
  readonly code: H2ErrorName
  readonly message: string
}

export function h2Fault(code: H2ErrorName, message: string): H2Fault {
  return { code, message }
}
