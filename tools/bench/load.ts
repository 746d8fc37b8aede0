import { start } from './child.ts'

/** What one run of the client saw. */
export interface Load {
  readonly requests: number
  /** Socket errors, timeouts and replies other than 2xx and 3xx: any of them voids the run. */
  readonly errors: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export interface LoadOptions {
  readonly port: number
  readonly host: string
  readonly connections: number
  readonly seconds: number
}

/** Runs wrk against a port. */
export async function runLoad({ port, host, connections, seconds }: LoadOptions): Promise<Load> {
  const args = [
    'wrk',
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--latency',
    '-H',
    `Host: ${host}`,
    `http://127.0.0.1:${port}/products/1`,
  ]
  const child = start('rest', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`wrk ended with ${code}`)
  return readLoad(text)
}

/** Reads what wrk prints. */
export function readLoad(text: string): Load {
  const requests = Number(/(\d+) requests in/.exec(text)?.[1] ?? Number.NaN)
  if (Number.isNaN(requests)) throw new Error(`wrk said nothing about requests:\n${text}`)
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? []
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0)
  return {
    requests,
    errors: sockets.reduce((sum, count) => sum + Number(count), refused),
    p50Ms: latency(text, '50%'),
    p99Ms: latency(text, '99%'),
  }
}

function latency(text: string, share: string): number {
  const [, value = 'NaN', unit = ''] = new RegExp(`${share}\\s+([\\d.]+)(us|ms|s)`).exec(text) ?? []
  return Number(value) * (UNITS[unit] ?? Number.NaN)
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 }
