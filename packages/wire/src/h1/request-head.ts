import { MAX_METHOD_BYTES } from '../limits.ts'
import { authorityOf, isAuthority, isAuthorityText } from './authority.ts'
import { CR, FOLDED_TOKEN, LF, SP, TARGET } from './characters.ts'
import { MORE } from './field-lines.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { MessageHead } from './message-head.ts'
import type { Output } from './output.ts'
import { readFraming } from './read-framing.ts'
import { readTarget, type TargetForm, type TargetParts } from './target.ts'
import { ID_EXPECT, ID_HOST, ID_TE } from './names.ts'
import { equalsExactly, equalsFolded, textOf } from './text.ts'
import { eachToken } from './tokens.ts'

/** The head of a request. `path` and `authority` are what is sent on; setters replace them. */
export class RequestHead extends MessageHead implements TargetParts {
  method = ''
  targetForm: TargetForm = 'origin'
  /** Offsets into `bytes`; an empty path stands for `/`. */
  targetStart = 0
  targetEnd = 0
  pathStart = 0
  pathEnd = 0
  authorityStart = 0
  authorityEnd = 0
  /** `http`, unless an absolute target or the owner of the connection says otherwise. */
  scheme = 'http'
  /** The caller takes trailers (`TE: trailers`). */
  takesTrailers = false
  #expects = false
  #path: string | undefined
  /** The path is not the one that was received. */
  #moved = false
  #authority: string | undefined
  #part: 'start' | 'blank' | 'method' | 'target' | 'version' = 'start'
  #at = 0
  #methodStart = 0
  #methodEnd = 0

  /** The caller waits for `100 Continue` before it sends the body. */
  get expectContinue(): boolean {
    return this.#expects && (this.framing === 'chunked' || (this.framing === 'length' && this.contentLength > 0))
  }

  /** Path and query, starting with `/`; `*` for the server as a whole; empty for CONNECT. */
  get path(): string {
    return (this.#path ??= this.#makePath())
  }

  /** Host and port from an absolute target, else from Host: in lower case, without a dot behind the name; empty when HTTP/1.0 sent none. */
  get authority(): string {
    return (this.#authority ??= authorityOf(this.bytes, this.authorityStart, this.authorityEnd))
  }

  get version(): 'HTTP/2' | 'HTTP/1.1' | 'HTTP/1.0' {
    if (this.h2) return 'HTTP/2'
    return this.minor === 1 ? 'HTTP/1.1' : 'HTTP/1.0'
  }

  /** Answers false, and changes nothing, when that would end the request line early. */
  setPath(path: string): boolean {
    if (!isSendable(path)) return false
    this.#path = path
    this.#moved = true
    return true
  }

  /** Answers false, and changes nothing, when that is no host with or without a port. */
  setAuthority(authority: string): boolean {
    if (!isAuthorityText(authority)) return false
    this.#authority = authority
    return true
  }

  override header(name: string): string | undefined {
    return name === 'host' ? this.authority : super.header(name)
  }

  /** `host` is the authority. */
  override set(name: string, value: string): boolean {
    return name === 'host' ? this.setAuthority(value) : super.set(name, value)
  }

  override add(name: string, value: string): boolean {
    return name === 'host' ? false : super.add(name, value)
  }

  override clear(): void {
    super.clear()
    this.#moved = false
    this.#path = undefined
    this.#authority = undefined
    this.#part = 'start'
  }

  /** Writes method and target as they are sent on. */
  writeTarget(out: Output): void {
    if (this.targetForm === 'origin' && !this.#moved) return out.copy(this.bytes, this.#methodStart, this.targetEnd)
    out.text(this.method)
    out.byte(SP)
    out.text(this.path)
  }

  protected get startLineResumeAt(): number {
    return this.#at
  }

  protected startLine(source: Uint8Array, base: number, from: number, end: number): number {
    let at = from
    if (this.#part === 'start') {
      if (at >= end) return this.#more(at - base)
      this.#part = source[at] === CR ? 'blank' : 'method'
      this.#methodStart = at - base
    }
    if (this.#part === 'blank') {
      // One empty line before a request is let pass (RFC 9112 section 2.2).
      if (at + 2 >= end) return this.#more(at - base)
      if (source[at + 1] !== LF) return this.fail('bad-line-end')
      at += 2
      this.#part = 'method'
      this.#methodStart = at - base
    }
    if (this.#part === 'method') {
      const reach = Math.min(end, base + this.#methodStart + MAX_METHOD_BYTES + 1)
      while (at < reach && FOLDED_TOKEN[source[at] as number] !== 0) at++
      if (at === reach && reach === end && at - base - this.#methodStart <= MAX_METHOD_BYTES) return this.#more(at - base)
      if (at === reach || source[at] !== SP || at - base === this.#methodStart) return this.fail('bad-method')
      this.#methodEnd = at - base
      at++
      this.targetStart = at - base
      this.#part = 'target'
    }
    if (this.#part === 'target') {
      while (at < end && TARGET[source[at] as number] !== 0) at++
      if (at === end) return this.#more(at - base)
      if (source[at] !== SP || at - base === this.targetStart) return this.fail('bad-target')
      this.targetEnd = at - base
      this.#part = 'version'
      at++
    }
    return this.#version(source, base, at, end)
  }

  protected finish(source: Uint8Array, base: number): H1ErrorCode | undefined {
    this.scheme = 'http'
    this.method = methodOf(source, base + this.#methodStart, base + this.#methodEnd)
    const error = readTarget(source, base, this, this.method) ?? this.#readHost(source, base) ?? readFraming(this, source, base)
    if (error !== undefined) return error
    this.readConnection(source, base)
    if (this.method === 'CONNECT') this.framing = 'raw'
    return this.#readWishes(source, base)
  }

  #version(source: Uint8Array, base: number, at: number, end: number): number {
    if (at + 10 > end) return this.#more(at - base)
    const minor = minorOf(source, at)
    if (minor === -1) return this.fail(versionError(source, at))
    this.minor = minor
    if (source[at + 8] !== CR || source[at + 9] !== LF) return this.fail('bad-line-end')
    return at + 10
  }

  #readHost(source: Uint8Array, base: number): H1ErrorCode | undefined {
    const { lines } = this
    let host = -1
    for (let line = 0; line < lines.count; line++) {
      if (lines.ids[line] !== ID_HOST) continue
      if (host !== -1) return 'duplicate-host'
      host = line
    }
    if (host === -1) return this.#withoutHost()
    const start = lines.valueStart(host)
    const end = lines.valueEnd(host)
    const named = this.targetForm === 'absolute' || this.targetForm === 'authority'
    if (!isAuthority(source, base + start, base + end)) return named && start === end ? undefined : 'bad-host'
    if (named) return undefined
    this.authorityStart = start
    this.authorityEnd = end
    return undefined
  }

  #withoutHost(): H1ErrorCode | undefined {
    if (this.minor === 1) return 'missing-host'
    if (this.targetForm === 'origin' || this.targetForm === 'asterisk') this.authorityStart = this.authorityEnd = 0
    return undefined
  }

  #readWishes(source: Uint8Array, base: number): H1ErrorCode | undefined {
    const { lines } = this
    this.#expects = false
    this.takesTrailers = false
    if (this.minor === 0) return undefined
    for (let line = 0; line < lines.count; line++) {
      if (lines.ids[line] === ID_TE) this.takesTrailers ||= this.#takesTrailers(source, base, line)
      if (lines.ids[line] !== ID_EXPECT) continue
      if (!equalsFolded(source, base + lines.valueStart(line), base + lines.valueEnd(line), '100-continue')) return 'bad-expectation'
      this.#expects = true
    }
    return undefined
  }

  #takesTrailers(source: Uint8Array, base: number, line: number): boolean {
    let takes = false
    eachToken(source, base + this.lines.valueStart(line), base + this.lines.valueEnd(line), (start, end) => {
      takes ||= equalsFolded(source, start, end, 'trailers')
    })
    return takes
  }

  #makePath(): string {
    if (this.targetForm === 'authority') return ''
    const path = textOf(this.bytes, this.pathStart, this.pathEnd)
    return path === '' || path.charCodeAt(0) === 63 ? `/${path}` : path
  }

  #more(at: number): number {
    this.#at = at
    return MORE
  }
}

/** Whether a request line may hold this as its target: no white space, no control character, no fragment. */
function isSendable(path: string): boolean {
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at)
    if (code <= SP || code === 127 || code === 35) return false
  }
  return path !== ''
}

/** What is wrong with a version that is none of ours: a line that ends there without naming HTTP is of another protocol. */
function versionError(source: Uint8Array, at: number): H1ErrorCode {
  const text = textOf(source, at, at + 10)
  if (/^HTTP\/\d\.\d/.test(text)) return 'unsupported-version'
  return text.includes('\n') && !/http/i.test(text) ? 'no-http' : 'bad-version'
}

/** The minor version behind `HTTP/1.`; -1: it is another text. */
function minorOf(source: Uint8Array, at: number): number {
  const minor = (source[at + 7] as number) - 48
  return (minor === 0 || minor === 1) && equalsExactly(source, at, at + 7, 'HTTP/1.') ? minor : -1
}

/** Common methods without a new string. */
function methodOf(bytes: Uint8Array, start: number, end: number): string {
  for (const method of METHODS) if (equalsExactly(bytes, start, end, method)) return method
  return textOf(bytes, start, end)
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'CONNECT']
