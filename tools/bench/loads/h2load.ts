import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output } from '../child.ts'
import type { H2Load } from '../work.ts'
import type { Load, LoadRun } from './load.ts'

/** Runs h2load without TLS: as many requests as connections and streams carry. */
export async function runH2load(load: H2Load, { port, host, seconds, dir }: LoadRun): Promise<Load> {
  const args = [`-c${load.connections}`, `-m${load.streams}`, '-t1', `-D${Math.round(seconds * 1000)}ms`, '-H', `:authority: ${host}`]
  return readH2load(
    await output(['h2load', ...args, ...(load.grpc ? grpcArgs(dir) : []), `http://127.0.0.1:${port}/bytes/${load.replyBytes}`]),
  )
}

const MESSAGE_BYTES = 100

/** One message, not compressed, behind its length (gRPC over HTTP/2, Length-Prefixed-Message). */
function grpcArgs(dir: string): readonly string[] {
  const file = join(dir, 'message')
  writeFileSync(file, Buffer.concat([Buffer.from([0, 0, 0, 0, MESSAGE_BYTES]), Buffer.alloc(MESSAGE_BYTES, 'x')]))
  return ['-d', file, '-H', 'content-type: application/grpc', '-H', 'te: trailers']
}

/** Reads what h2load prints. What is under way at the end is no error. */
export function readH2load(text: string): Load {
  const [, seconds = 'NaN', unit = ''] = /finished in ([\d.]+)(us|ms|s)/.exec(text) ?? []
  const [, requests = 'NaN', failed = '0', errored = '0', timeout = '0'] =
    /(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/.exec(text) ?? []
  const [, good = 'NaN'] = /status codes: (\d+) 2xx/.exec(text) ?? []
  if (Number.isNaN(Number(requests))) throw new Error(`h2load said nothing about requests:\n${text}`)
  const refused = Math.max(0, Number(requests) - Number(good))
  return {
    requests: Number(requests),
    errors: Number(failed) + Number(errored) + Number(timeout) + refused,
    seconds: Number(seconds) * (SECONDS[unit] ?? Number.NaN),
  }
}

const SECONDS: Readonly<Record<string, number>> = { us: 0.000_001, ms: 0.001, s: 1 }
