import { readBinaryHeader } from './binary-header.ts'
import { BAD, MORE, type ProxyHeader } from './proxy-header.ts'
import { readTextHeader } from './text-header.ts'

/**
 * Looks at the first bytes of a connection for a header of the PROXY protocol, version 1 or 2 (HAProxy's proxy-protocol.txt),
 * without consuming them. As soon as they cannot become one it says so; it never asks for more than the bounds allow.
 */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader {
  switch (bytes[0]) {
    case undefined:
      return MORE
    case FIRST_OF_TEXT:
      return readTextHeader(bytes)
    case FIRST_OF_BINARY:
      return readBinaryHeader(bytes)
    default:
      return BAD
  }
}

const FIRST_OF_TEXT = 0x50
const FIRST_OF_BINARY = 0x0d
