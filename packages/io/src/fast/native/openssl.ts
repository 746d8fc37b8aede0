import { Addresses } from './addresses.ts'
import { type Arena, ARENA, assertWithin, POINTER_CELL } from './arena.ts'
import type { Library, Native, NativePointer } from './library.ts'

/** Numbers of OpenSSL 3's headers (`ssl.h`, `tls1.h`, `bio.h`, `x509_vfy.h`). */
export const SSL = {
  ERROR_WANT_READ: 2,
  ERROR_WANT_WRITE: 3,
  ERROR_ZERO_RETURN: 6,
  VERIFY_NONE: 0n,
  VERIFY_PEER: 1n,
  VERIFY_FAIL_IF_NO_PEER_CERT: 2n,
  CTRL_EXTRA_CHAIN_CERT: 14n,
  CTRL_MODE: 33n,
  CTRL_SET_SESS_CACHE_MODE: 44n,
  CTRL_SET_TLSEXT_HOSTNAME: 55n,
  CTRL_SET_GROUPS_LIST: 92n,
  CTRL_SET_MIN_PROTO_VERSION: 123n,
  TLS1_2_VERSION: 0x0303n,
  TLS1_3_VERSION: 0x0304,
  /** `ENABLE_PARTIAL_WRITE | ACCEPT_MOVING_WRITE_BUFFER | RELEASE_BUFFERS`: an idle connection keeps no record buffers. */
  MODES: 0x1n | 0x2n | 0x10n,
  /** Compression, tickets, renegotiation; and compression of certificates, which would be done anew in each handshake. */
  OPTIONS: (1n << 17n) | (1n << 14n) | (1n << 30n) | (1n << 32n) | (1n << 33n),
  TLSEXT_ERR_OK: 0,
  TLSEXT_ERR_ALERT_FATAL: 2,
  TLSEXT_ERR_NOACK: 3,
  BIO_NOCLOSE: 0n,
  X509_V_OK: 0,
  REASON_MASK: 0x7f_ffff,
  R_PEER_DID_NOT_RETURN_A_CERTIFICATE: 199,
} as const

const NUMBERS = {
  SSL_CTX_free: 2,
  SSL_CTX_ctrl: 4,
  SSL_CTX_set_options: 2,
  SSL_CTX_set_num_tickets: 2,
  SSL_CTX_set_cipher_list: 2,
  SSL_CTX_use_certificate: 2,
  SSL_CTX_use_PrivateKey: 2,
  SSL_CTX_check_private_key: 2,
  SSL_CTX_set_verify: 3,
  SSL_CTX_set_alpn_select_cb: 3,
  SSL_free: 2,
  SSL_ctrl: 4,
  SSL_set_verify: 3,
  SSL_set_bio: 3,
  SSL_set_accept_state: 2,
  SSL_set_connect_state: 2,
  SSL_set_alpn_protos: 3,
  SSL_get_error: 2,
  SSL_read: 3,
  SSL_write: 3,
  SSL_shutdown: 2,
  SSL_version: 2,
  SSL_pending: 2,
  BIO_ctrl_pending: 2,
  SSL_get_verify_result: 2,
  SSL_get0_alpn_selected: 3,
  BIO_write: 3,
  BIO_free: 2,
  X509_STORE_add_cert: 2,
  X509_free: 2,
  EVP_PKEY_free: 2,
  i2d_X509: 2,
  OPENSSL_sk_num: 2,
  ERR_clear_error: 2,
  ERR_get_error: 2,
  ERR_peek_error: 2,
} as const

const POINTERS = {
  TLS_method: 0,
  SSL_CTX_new: 1,
  SSL_CTX_get_cert_store: 2,
  SSL_new: 2,
  SSL_get_servername: 2,
  SSL_get0_verified_chain: 2,
  SSL_get_peer_cert_chain: 2,
  SSL_get1_peer_certificate: 2,
  BIO_s_mem: 0,
  BIO_new: 1,
  BIO_new_socket: 2,
  d2i_X509: 3,
  d2i_AutoPrivateKey: 3,
  OPENSSL_sk_value: 2,
  ERR_reason_error_string: 1,
  X509_verify_cert_error_string: 1,
} as const

type Numbers = { readonly [Name in keyof typeof NUMBERS]: Native }
type Pointers = { readonly [Name in keyof typeof POINTERS]: NativePointer }

/** OpenSSL's own functions, as the node binary exports them. */
export interface OpenSsl extends Numbers, Pointers {
  readonly library: Library
  readonly arena: Arena
  readonly base: bigint
  readonly addresses: Addresses
  /** One argument, for it may call back into JavaScript to choose a protocol. */
  readonly SSL_do_handshake: Native
}

/** Throws where the node binary exports no OpenSSL. */
export function loadOpenSsl(library: Library, arena: Arena): OpenSsl {
  const numbers = Object.entries(NUMBERS).map(([name, args]) => [name, library.number(name, args)])
  const pointers = Object.entries(POINTERS).map(([name, args]) => [name, library.pointer(name, args)])
  const base = library.addressOf(arena.buffer)
  return {
    ...(Object.fromEntries(numbers) as Numbers),
    ...(Object.fromEntries(pointers) as Pointers),
    SSL_do_handshake: library.number('SSL_do_handshake', 1),
    library,
    arena,
    base,
    addresses: new Addresses(base),
  }
}

/** The address of bytes that are put into the arena's way out; they are gone with the next write. */
export function lend({ arena, base }: OpenSsl, bytes: Uint8Array): bigint {
  assertWithin(ARENA.out, bytes.length)
  if (bytes.length > ARENA.outBytes) throw new RangeError(`${bytes.length} bytes are too many for one certificate or key`)
  arena.bytes.set(bytes, ARENA.out)
  return base + BigInt(ARENA.out)
}

/** The address of a pointer that points at `address`, for functions that move it. */
export function pointerTo({ arena, base }: OpenSsl, address: bigint): bigint {
  arena.view.setBigUint64(POINTER_CELL, address, true)
  return base + BigInt(POINTER_CELL)
}

/** DER of a certificate that OpenSSL owns; undefined when it is larger than anything in use. */
export function derOf(ssl: OpenSsl, certificate: bigint): Uint8Array | undefined {
  const size = ssl.i2d_X509(certificate, 0n)
  if (size <= 0 || size > ARENA.outBytes) return undefined
  ssl.i2d_X509(certificate, pointerTo(ssl, ssl.base + BigInt(ARENA.out)))
  return ssl.arena.bytes.slice(ARENA.out, ARENA.out + size)
}

/** What somebody else of this thread left in OpenSSL's queue would be taken for the next call's own error. */
export function forgetErrors(ssl: OpenSsl): void {
  if (ssl.ERR_peek_error(0n, 0n) !== 0) ssl.ERR_clear_error(0n, 0n)
}

/** What went wrong first; OpenSSL's queue is empty then. */
export function takeError(ssl: OpenSsl): { readonly reason: number; readonly text: string } | undefined {
  const code = ssl.ERR_get_error(0n, 0n) >>> 0
  ssl.ERR_clear_error(0n, 0n)
  if (code === 0) return undefined
  const reason = code & SSL.REASON_MASK
  return { reason, text: ssl.library.text(ssl.ERR_reason_error_string(BigInt(code))) ?? `error ${reason}` }
}
