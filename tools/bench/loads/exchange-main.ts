import { connect, type Socket } from 'node:net'
import { ReplyReader } from './reply-reader.ts'

/** What `node exchange-main.ts JOB` is to do; JOB is JSON. */
export interface ExchangeJob {
  readonly port: number
  readonly request: string
  /** Of the body where the reply is HTTP. */
  readonly replyBytes: number
  readonly http: boolean
  readonly connections: number
  readonly seconds: number
  /** Absent: the next request follows the reply. */
  readonly ratePerSecond?: number
}

/** What it prints. */
export interface ExchangeResult {
  readonly requests: number
  readonly errors: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** What has no reply by then is an error at saturation; at a fixed rate it counts as if its reply came then. */
const GRACE_MS = 500
/** How long a client at a fixed rate runs before its latencies count: it is compiled meanwhile. */
const WARM_UP_MS = 400
/** How long the open loop sleeps where nothing is due: timers of Node are too coarse. */
const NAP_MS = 0.05

const job = JSON.parse(process.argv[2] ?? '') as ExchangeJob
const request = Buffer.from(job.request, 'latin1')
const latencies: number[] = []
const free: Lane[] = []
const due: number[] = []
let errors = 0
let open = 0
let endMs = Number.POSITIVE_INFINITY

class Lane {
  readonly #socket: Socket
  readonly #reader = new ReplyReader(job.http, job.replyBytes)
  /** When the request under way was due. */
  dueMs: number | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => errors++)
  }

  send(dueMs: number): void {
    this.dueMs = dueMs
    open++
    this.#socket.write(request)
  }

  #take(chunk: Buffer): void {
    if (!this.#reader.take(chunk)) return
    if (this.#reader.refused) errors++
    const nowMs = performance.now()
    open--
    const dueMs = this.dueMs ?? 0
    this.dueMs = undefined
    if (dueMs >= countedFromMs) latencies.push(nowMs - dueMs)
    if (job.ratePerSecond === undefined) {
      if (nowMs < endMs) this.send(nowMs)
    } else if (due.length > 0) this.send(due.shift() ?? nowMs)
    else free.push(this)
  }
}

const lanes = await Promise.all(
  Array.from({ length: job.connections }, () => {
    return new Promise<Lane>((resolve, reject) => {
      const socket = connect(job.port, '127.0.0.1', () => resolve(new Lane(socket)))
      socket.once('error', reject)
    })
  }),
)
const startMs = performance.now()
const countedFromMs = startMs + (job.ratePerSecond === undefined ? 0 : WARM_UP_MS)
endMs = countedFromMs + job.seconds * 1000
if (job.ratePerSecond === undefined) await closedLoop()
else await openLoop(1000 / job.ratePerSecond)
report()

async function closedLoop(): Promise<void> {
  for (const lane of lanes) lane.send(startMs)
  while (open > 0 && performance.now() < endMs + GRACE_MS) await new Promise((resolve) => setTimeout(resolve, 5))
}

function unanswered(nowMs: number): readonly number[] {
  const dues = [...due, ...lanes.map(({ dueMs }) => dueMs).filter((dueMs) => dueMs !== undefined)]
  return dues.filter((dueMs) => dueMs >= countedFromMs).map((dueMs) => nowMs - dueMs)
}

async function openLoop(gapMs: number): Promise<void> {
  free.push(...lanes)
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (let next = startMs; next < endMs || (open > 0 && performance.now() < endMs + GRACE_MS);) {
    const nowMs = performance.now()
    for (; next <= nowMs && next < endMs; next += gapMs) {
      const lane = free.pop()
      if (lane === undefined) due.push(next)
      else lane.send(next)
    }
    Atomics.wait(cell, 0, 0, NAP_MS)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function report(): never {
  if (job.ratePerSecond !== undefined) latencies.push(...unanswered(performance.now()))
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  const result: ExchangeResult = {
    requests: sorted.length,
    errors: errors + (job.ratePerSecond === undefined ? open : 0),
    seconds: (performance.now() - startMs) / 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
  console.log(JSON.stringify(result))
  process.exit(0)
}
