import { big } from './addresses.ts'
import { ARENA, assertWithin, NAME_BYTES, NAME_CELL } from './arena.ts'
import { derOf, forgetErrors, SSL, takeError, type OpenSsl } from './openssl.ts'
import { nameAt, type TlsConfig } from './tls-config.ts'

export interface TlsRole {
  readonly server: boolean
  readonly verify: 'peer' | 'peer-if-any' | 'none'
  readonly alpn: readonly string[]
  /** What a client asks for; empty: nothing. */
  readonly sni: string
}

/** What a step came to: bytes are counted by `read` and `write` alone. */
export const STEP = { done: 1, more: 0, closed: -1, failed: -2 } as const

/** Longer chains are cut: nobody needs them. */
const MAX_CHAIN = 8

/**
 * An `SSL` over one socket: records that were received are fed to it, what it sends goes to the socket itself. It has to be freed, once, before the
 * descriptor is closed, and does nothing afterwards.
 */
export class TlsConnection {
  readonly #ssl: OpenSsl
  readonly #role: TlsRole
  #handle: bigint
  #input: bigint

  constructor(config: TlsConfig, fd: number, role: TlsRole) {
    const { ssl } = config
    this.#ssl = ssl
    this.#role = role
    this.#handle = ssl.SSL_new(config.ctx, 0n)
    this.#input = ssl.BIO_new(ssl.BIO_s_mem())
    const output = ssl.BIO_new_socket(BigInt(fd), SSL.BIO_NOCLOSE)
    if (this.#handle === 0n || this.#input === 0n || output === 0n) {
      for (const bio of [this.#input, output]) if (bio !== 0n) ssl.BIO_free(bio, 0n)
      this.free()
      throw new Error('There is no memory for another TLS connection.')
    }
    // Both belong to the connection from here on.
    ssl.SSL_set_bio(this.#handle, this.#input, output)
    this.#setUp(role)
  }

  /** Records as they were received; false when there is no memory for them. */
  feed(offset: number, length: number): boolean {
    return this.#handle !== 0n && this.#ssl.BIO_write(this.#input, this.#ssl.addresses.at(offset, length), big(length)) === length
  }

  handshake(): number {
    if (this.#handle === 0n) return STEP.failed
    forgetErrors(this.#ssl)
    shaking.push(this)
    const result = this.#ssl.SSL_do_handshake(this.#handle)
    shaking.pop()
    return result === 1 ? STEP.done : this.#stepOf(result)
  }

  /** Plain bytes into the arena: how many, or a step. */
  read(offset: number, length: number): number {
    if (this.#handle === 0n) return STEP.closed
    forgetErrors(this.#ssl)
    const got = this.#ssl.SSL_read(this.#handle, this.#ssl.addresses.at(offset, length), big(length))
    return got > 0 ? got : this.#stepOf(got)
  }

  /** Whether nothing is left of what was fed: no plain bytes, and no record, whole or begun, that was not looked at. */
  get drained(): boolean {
    if (this.#handle === 0n) return true
    return this.#ssl.BIO_ctrl_pending(this.#input, 0n) === 0 && this.#ssl.SSL_pending(this.#handle, 0n) === 0
  }

  /** Plain bytes of the arena out to the socket: how many, or a step. What was not taken has to be offered again, at least as much of it. */
  write(offset: number, length: number): number {
    if (this.#handle === 0n) return STEP.closed
    forgetErrors(this.#ssl)
    const sent = this.#ssl.SSL_write(this.#handle, this.#ssl.addresses.at(offset, length), big(length))
    return sent > 0 ? sent : this.#stepOf(sent)
  }

  /** Says that nothing more comes. */
  shutdown(): void {
    if (this.#handle === 0n) return
    this.#ssl.SSL_shutdown(this.#handle, 0n)
    forgetErrors(this.#ssl)
  }

  free(): void {
    const handle = this.#handle
    this.#handle = 0n
    this.#input = 0n
    if (handle !== 0n) this.#ssl.SSL_free(handle, 0n)
  }

  /** Why the last step failed. */
  error(): { readonly verify: boolean; readonly message: string } {
    const said = takeError(this.#ssl)
    const verdict = this.verdict()
    if (said?.reason === SSL.R_PEER_DID_NOT_RETURN_A_CERTIFICATE) return { verify: true, message: 'The client sent no certificate.' }
    if (verdict !== undefined) return { verify: true, message: `The other side's certificate was not verified: ${verdict}.` }
    return { verify: false, message: said?.text ?? 'The TLS connection failed.' }
  }

  /** What is wrong with the peer's chain, by the roots; undefined when nothing is. */
  verdict(): string | undefined {
    if (this.#handle === 0n) return undefined
    const result = this.#ssl.SSL_get_verify_result(this.#handle, 0n)
    return result === SSL.X509_V_OK
      ? undefined
      : (this.#ssl.library.text(this.#ssl.X509_verify_cert_error_string(BigInt(result))) ?? `${result}`)
  }

  get version(): 'TLSv1.2' | 'TLSv1.3' {
    return this.#ssl.SSL_version(this.#handle, 0n) === SSL.TLS1_3_VERSION ? 'TLSv1.3' : 'TLSv1.2'
  }

  get alpn(): string | undefined {
    const { arena, base, library } = this.#ssl
    arena.view.setBigUint64(NAME_CELL, 0n, true)
    arena.view.setUint32(NAME_CELL + 8, 0, true)
    this.#ssl.SSL_get0_alpn_selected(this.#handle, base + BigInt(NAME_CELL), base + BigInt(NAME_CELL + 8))
    const [address, length] = [arena.view.getBigUint64(NAME_CELL, true), arena.view.getUint32(NAME_CELL + 8, true)]
    return address === 0n || length === 0 ? undefined : Buffer.from(library.copy(address, length)).toString('latin1')
  }

  get sni(): string | undefined {
    return this.#ssl.library.text(this.#ssl.SSL_get_servername(this.#handle, 0n))
  }

  /** The chain that was verified up to a root, or else what the peer sent; leaf first, DER. */
  get peerChain(): readonly Uint8Array[] {
    const ssl = this.#ssl
    const verified = this.verdict() === undefined ? ssl.SSL_get0_verified_chain(this.#handle, 0n) : 0n
    if (verified !== 0n) return this.#chainOf(verified)
    const leaf = ssl.SSL_get1_peer_certificate(this.#handle, 0n)
    if (leaf === 0n) return []
    const der = derOf(ssl, leaf)
    ssl.X509_free(leaf, 0n)
    const sent = ssl.SSL_get_peer_cert_chain(this.#handle, 0n)
    const rest = sent === 0n ? [] : this.#chainOf(sent)
    // What a server gets leaves out the leaf.
    return der === undefined ? [] : [der, ...(this.#role.server ? rest : rest.slice(1))]
  }

  /** The protocol that a server takes of those which a client offers, in the server's order. */
  choose(offered: Uint8Array): string | undefined {
    const names = namesOf(offered)
    return this.#role.alpn.find((name) => names.includes(name))
  }

  get wantsAlpn(): boolean {
    return this.#role.alpn.length > 0
  }

  #setUp({ server, verify, alpn, sni }: TlsRole): void {
    const ssl = this.#ssl
    const peer = verify === 'peer' && server ? SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT : SSL.VERIFY_PEER
    ssl.SSL_set_verify(this.#handle, verify === 'none' ? SSL.VERIFY_NONE : peer, 0n)
    if (server) {
      ssl.SSL_set_accept_state(this.#handle, 0n)
      return
    }
    ssl.SSL_set_connect_state(this.#handle, 0n)
    if (sni !== '') ssl.SSL_ctrl(this.#handle, SSL.CTRL_SET_TLSEXT_HOSTNAME, 0n, nameAt(ssl, sni))
    if (alpn.length === 0) return
    const wire = wireOf(alpn)
    assertWithin(ARENA.out, wire.length)
    ssl.arena.bytes.set(wire, ARENA.out)
    ssl.SSL_set_alpn_protos(this.#handle, ssl.base + BigInt(ARENA.out), BigInt(wire.length))
  }

  #chainOf(stack: bigint): readonly Uint8Array[] {
    const count = Math.min(MAX_CHAIN, this.#ssl.OPENSSL_sk_num(stack, 0n))
    const chain: Uint8Array[] = []
    for (let index = 0; index < count; index++) {
      const der = derOf(this.#ssl, this.#ssl.OPENSSL_sk_value(stack, BigInt(index)))
      if (der !== undefined) chain.push(der)
    }
    return chain
  }

  #stepOf(result: number): number {
    const error = this.#ssl.SSL_get_error(this.#handle, BigInt.asUintN(32, BigInt(result)))
    if (error === SSL.ERROR_WANT_READ || error === SSL.ERROR_WANT_WRITE) return STEP.more
    return error === SSL.ERROR_ZERO_RETURN ? STEP.closed : STEP.failed
  }
}

/** Whose handshake runs: OpenSSL asks for a protocol while it does. */
const shaking: TlsConnection[] = []

/** Lets the server side of a context choose a protocol, by the connection whose handshake runs. */
export class AlpnChoice {
  readonly #ssl: OpenSsl
  readonly #callback: bigint

  constructor(ssl: OpenSsl) {
    this.#ssl = ssl
    const run = (_ssl: bigint, out: bigint, outLength: bigint, offered: bigint, length: number): number =>
      this.#choose(out, outLength, offered, length)
    this.#callback = ssl.library.callback(['pointer', 'pointer', 'pointer', 'pointer', 'u32', 'pointer'], 'i32', run as never)
  }

  apply(config: TlsConfig): void {
    this.#ssl.SSL_CTX_set_alpn_select_cb(config.ctx, this.#callback, 0n)
  }

  #choose(out: bigint, outLength: bigint, offered: bigint, length: number): number {
    try {
      const asking = shaking.at(-1)
      if (asking?.wantsAlpn !== true) return SSL.TLSEXT_ERR_NOACK
      const chosen = asking.choose(this.#ssl.library.copy(offered, length))
      if (chosen === undefined) return SSL.TLSEXT_ERR_ALERT_FATAL
      const { arena, base, library } = this.#ssl
      arena.bytes.set(Buffer.from(chosen, 'latin1'), NAME_CELL)
      library.setPointer(out, base + BigInt(NAME_CELL))
      library.setByte(outLength, chosen.length)
      return SSL.TLSEXT_ERR_OK
    } catch {
      return SSL.TLSEXT_ERR_ALERT_FATAL
    }
  }
}

/** RFC 7301 section 3.1: each name after its length. */
function wireOf(names: readonly string[]): Uint8Array {
  const wire = Buffer.concat(names.map((name) => Buffer.concat([Buffer.of(name.length), Buffer.from(name, 'latin1')])))
  if (wire.length > NAME_BYTES || names.some((name) => name.length === 0 || name.length > 255))
    throw new RangeError('No such protocol names.')
  return wire
}

function namesOf(wire: Uint8Array): readonly string[] {
  const names: string[] = []
  for (let at = 0; at < wire.length;) {
    const length = wire[at] ?? 0
    names.push(Buffer.from(wire.subarray(at + 1, at + 1 + length)).toString('latin1'))
    at += 1 + length
  }
  return names
}
