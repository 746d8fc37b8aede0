import { isMainThread } from 'node:worker_threads'
import type { OnFault } from '../common/faults.ts'
import { SystemResolver } from '../common/resolver.ts'
import { TimerWheel } from '../common/timer-wheel.ts'
import { IO_LIMITS } from '../limits.ts'
import type { Io } from '../port/io.ts'
import { connect } from './connect.ts'
import { offerSockets } from './handover/offer.ts'
import { takeSockets } from './handover/take.ts'
import { listen } from './listen.ts'
import { Loop, type Host } from './loop.ts'
import { Arena } from './native/arena.ts'
import { Descriptors } from './native/descriptors.ts'
import type { Binding } from './native/library.ts'
import { loadLibrary } from './native/load-library.ts'
import { loadOpenSsl } from './native/openssl.ts'
import { LoopPoll } from './native/poll.ts'
import { LinuxSys, type Sys } from './native/sys.ts'
import { AlpnChoice } from './native/tls-session.ts'
import type { FastShared } from './shared.ts'
import { FastTlsContext } from './tls-context.ts'
import { Straight } from './straight.ts'

export interface FastOptions {
  /** Told of every exception that a handler or callback let escape; its connection was reset. */
  readonly onFault: OnFault
  /** Until a `close` is given up whose peer takes nothing. */
  readonly closeMs?: number
  /** Unsent bytes at which a connection is given up. */
  readonly maxUnsentBytes?: number
  /** Overwrites lent bytes once they were heard, so that a handler that keeps them is found out. */
  readonly spoilLent?: boolean
  /** By what C is called; `node:ffi` where this Node has it, else `koffi`. */
  readonly binding?: Binding
  /** This thread may be a worker: it ends by itself, and is never terminated from outside, which would abort the process. */
  readonly inWorker?: boolean
  /** Stands between the plug and the system, to make calls fail. */
  readonly through?: (sys: Sys) => Sys
}

/** Why the plug cannot be used here. */
export class FastUnavailable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FastUnavailable'
  }
}

/** The port, and by what it calls C. */
export interface FastIo extends Io {
  readonly binding: Binding
}

/**
 * The io port over epoll and OpenSSL's own functions, inside Node's event loop: Linux, and a Node with `node:ffi`, or the package koffi beside it. Throws
 * `FastUnavailable` elsewhere.
 */
export function fastIo(options: FastOptions): FastIo {
  const {
    onFault,
    closeMs = IO_LIMITS.closeMs,
    maxUnsentBytes = IO_LIMITS.maxUnsentBytes,
    spoilLent = false,
    inWorker = false,
    through = (sys) => sys,
  } = options
  const native = load(options.binding, inWorker)
  const timers = new TimerWheel(onFault)
  const sys = through(native.sys)
  const epoll = native.sys.epoll()
  if (epoll < 0) throw new FastUnavailable('The system has no descriptor left for an epoll set.')
  const poll = new LoopPoll(native.library, epoll, () => loop.turn())
  const straight = new Straight(sys)
  const loop: Loop = new Loop(sys, epoll, hostOf(poll), onFault)
  if (!isMainThread)
    process.once('exit', () => {
      poll.close()
      loop.abandon()
      straight.close()
    })
  const shared: FastShared = {
    timers,
    onFault,
    closeMs,
    maxUnsentBytes,
    loop,
    spoilLent,
    descriptors: native.descriptors,
    ssl: native.ssl,
    alpn: native.alpn,
    straight,
  }
  return {
    plug: 'fast',
    binding: native.library.binding,
    handover: { take: (path) => takeSockets(shared, path), offer: (offerOptions) => offerSockets(shared, offerOptions) },
    timers,
    resolver: new SystemResolver(timers, onFault),
    listen: (listenOptions) => listen(shared, listenOptions),
    stopListening: (descriptor) => void native.sys.stopListening(descriptor),
    connect: (connectOptions) => connect(shared, connectOptions),
    tlsContext: (material) => new FastTlsContext(native.ssl, material),
  }
}

type Loaded = ReturnType<typeof loadNative>

/** One arena for all plugs of a thread, and one set of symbols for those that have the same binding. */
let arena: Arena | undefined
const loaded = new Map<Binding | undefined, Loaded>()

function load(wanted: Binding | undefined, inWorker: boolean): Loaded {
  if (process.platform !== 'linux') throw new FastUnavailable(`It needs Linux; this is ${process.platform}.`)
  if (process.arch !== 'x64' && process.arch !== 'arm64')
    throw new FastUnavailable(`It was not made for processors of the kind ${process.arch}.`)
  // Node closes the handles of a worker's loop that it knows; with any other open it aborts the process. Ours closes when the worker ends by itself.
  if (!isMainThread && !inWorker) throw new FastUnavailable('It needs the main thread of the process.')
  const known = loaded.get(wanted)
  if (known !== undefined) return known
  try {
    const native = loadNative(wanted)
    loaded.set(wanted, native)
    return native
  } catch (error) {
    throw error instanceof FastUnavailable
      ? error
      : new FastUnavailable(`This Node cannot: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

function loadNative(wanted: Binding | undefined) {
  const library = loadLibrary(wanted)
  if (typeof library === 'string') throw new FastUnavailable(library)
  arena ??= new Arena()
  const ssl = loadOpenSsl(library, arena)
  return { library, sys: new LinuxSys(library, arena), descriptors: new Descriptors(library, arena), ssl, alpn: new AlpnChoice(ssl) }
}

function hostOf(poll: LoopPoll): Host {
  // Runs what waits for the end of a callback, which Node does not know of here; where a Node has it no more, an immediate wakes it.
  const { _tickCallback: tick } = process as unknown as { _tickCallback?: () => void }
  return {
    hold: (on) => poll.hold(on),
    soon: (run) => void setImmediate(run),
    settle: typeof tick === 'function' ? () => tick.call(process) : () => void setImmediate(() => {}),
  }
}
