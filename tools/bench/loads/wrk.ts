import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output } from '../child.ts'
import type { HttpLoad } from '../work.ts'
import type { Load, LoadRun } from './load.ts'

/** Runs wrk: as many requests as the connections carry. */
export async function runWrk(load: HttpLoad, { port, host, seconds, dir }: LoadRun): Promise<Load> {
  const args = ['-t1', `-c${load.connections}`, `-d${Math.ceil(seconds)}s`, '-H', `Host: ${host}`]
  const script = load.bodyBytes === 0 ? [] : ['-s', postScript(dir, load.bodyBytes)]
  return readWrk(await output(['wrk', ...args, ...script, `http://127.0.0.1:${port}/bytes/${load.replyBytes}`]))
}

function postScript(dir: string, bytes: number): string {
  const file = join(dir, `post-${bytes}.lua`)
  writeFileSync(file, `wrk.method = "POST"\nwrk.body = string.rep("x", ${bytes})\n`)
  return file
}

/** Reads what wrk prints. */
export function readWrk(text: string): Load {
  const [, requests = 'NaN', time = 'NaN', unit = ''] = /(\d+) requests in ([\d.]+)(ms|s|m)/.exec(text) ?? []
  if (Number.isNaN(Number(requests))) throw new Error(`wrk said nothing about requests:\n${text}`)
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? []
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0)
  return {
    requests: Number(requests),
    errors: sockets.reduce((sum, count) => sum + Number(count), refused),
    seconds: Number(time) * (SECONDS[unit] ?? Number.NaN),
  }
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60 }
