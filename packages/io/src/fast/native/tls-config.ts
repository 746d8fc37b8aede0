import { constants } from 'node:crypto'
import { ARENA, NAME_BYTES, NAME_CELL } from './arena.ts'
import { lend, pointerTo, SSL, takeError, type OpenSsl } from './openssl.ts'

export interface TlsConfigOptions {
  /** DER, leaf first; empty: without an identity. */
  readonly chain: readonly Uint8Array[]
  /** PKCS #8, DER. */
  readonly key: Uint8Array | undefined
  /** DER. */
  readonly roots: readonly Uint8Array[]
}

/** An `SSL_CTX`: made once, never changed, freed when nobody has it any more; connections that were made with it keep it. */
export class TlsConfig {
  readonly ctx: bigint
  readonly ssl: OpenSsl

  /** Throws an Error with a sentence where chain, key and roots do not fit. */
  constructor(ssl: OpenSsl, options: TlsConfigOptions) {
    this.ssl = ssl
    this.ctx = ssl.SSL_CTX_new(ssl.TLS_method())
    if (this.ctx === 0n) throw new Error(takeError(ssl)?.text ?? 'There is no memory for a TLS context.')
    try {
      this.#set()
      this.#identify(options)
      this.#trust(options.roots)
    } catch (error) {
      ssl.SSL_CTX_free(this.ctx, 0n)
      throw error
    }
    const { ctx } = this
    unused.register(this, () => ssl.SSL_CTX_free(ctx, 0n))
  }

  /** No tickets and no cache: a resumed session would carry a verdict made under older trust. Key exchange is pinned on purpose. */
  #set(): void {
    const { ssl, ctx } = this
    ssl.SSL_CTX_set_options(ctx, SSL.OPTIONS)
    ssl.SSL_CTX_set_num_tickets(ctx, 0n)
    ssl.SSL_CTX_ctrl(ctx, SSL.CTRL_SET_SESS_CACHE_MODE, 0n, 0n)
    ssl.SSL_CTX_ctrl(ctx, SSL.CTRL_MODE, SSL.MODES, 0n)
    this.#must(ssl.SSL_CTX_ctrl(ctx, SSL.CTRL_SET_MIN_PROTO_VERSION, SSL.TLS1_2_VERSION, 0n) === 1)
    this.#must(ssl.SSL_CTX_ctrl(ctx, SSL.CTRL_SET_GROUPS_LIST, 0n, nameAt(ssl, GROUPS)) === 1)
    this.#must(ssl.SSL_CTX_set_cipher_list(ctx, nameAt(ssl, CIPHERS)) === 1)
    // Who is verified is said for each connection; by default everybody is.
    ssl.SSL_CTX_set_verify(ctx, SSL.VERIFY_PEER, 0n)
  }

  #identify({ chain, key }: TlsConfigOptions): void {
    const { ssl, ctx } = this
    for (const [index, der] of chain.entries()) {
      const certificate = this.#certificate(der)
      if (index > 0) {
        // The context owns it from here on.
        if (ssl.SSL_CTX_ctrl(ctx, SSL.CTRL_EXTRA_CHAIN_CERT, 0n, certificate) === 1) continue
        ssl.X509_free(certificate, 0n)
        throw this.#error()
      }
      const taken = ssl.SSL_CTX_use_certificate(ctx, certificate)
      ssl.X509_free(certificate, 0n)
      this.#must(taken === 1)
    }
    if (key === undefined) return
    const own = ssl.d2i_AutoPrivateKey(0n, pointerTo(ssl, lend(ssl, key)), BigInt(key.length))
    ssl.arena.bytes.fill(0, ARENA.out, ARENA.out + key.length)
    if (own === 0n) throw this.#error()
    const taken = ssl.SSL_CTX_use_PrivateKey(ctx, own)
    ssl.EVP_PKEY_free(own, 0n)
    this.#must(taken === 1 && ssl.SSL_CTX_check_private_key(ctx, 0n) === 1)
  }

  #trust(roots: readonly Uint8Array[]): void {
    const store = this.ssl.SSL_CTX_get_cert_store(this.ctx, 0n)
    for (const der of roots) {
      const root = this.#certificate(der)
      const taken = this.ssl.X509_STORE_add_cert(store, root)
      this.ssl.X509_free(root, 0n)
      this.#must(taken === 1)
    }
  }

  #certificate(der: Uint8Array): bigint {
    const certificate = this.ssl.d2i_X509(0n, pointerTo(this.ssl, lend(this.ssl, der)), BigInt(der.length))
    if (certificate === 0n) throw this.#error()
    return certificate
  }

  #must(done: boolean): void {
    if (!done) throw this.#error()
  }

  #error(): Error {
    return new Error(takeError(this.ssl)?.text ?? 'OpenSSL refuses it.')
  }
}

const unused = new FinalizationRegistry<() => void>((free) => free())

const GROUPS = 'X25519:prime256v1:secp384r1'
/** Node's own list, as far as it is of TLS 1.2; the suites of TLS 1.3 are OpenSSL's. */
const CIPHERS = constants.defaultCipherList
  .split(':')
  .filter((name) => !name.startsWith('TLS_'))
  .join(':')

/** The address of a text that ends with a zero byte; it is gone with the next one. */
export function nameAt({ arena, base }: OpenSsl, text: string): bigint {
  const bytes = Buffer.from(text)
  if (bytes.length >= NAME_BYTES || bytes.includes(0)) throw new RangeError('A name is too long, or holds a zero byte.')
  arena.bytes.set(bytes, NAME_CELL)
  arena.bytes[NAME_CELL + bytes.length] = 0
  return base + BigInt(NAME_CELL)
}
