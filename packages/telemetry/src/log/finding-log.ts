import type { Finding } from '@mesh/core/config'
import { originPlace } from '@mesh/core/origin'

/** Takes all findings as they are now. */
export type FindingLog = (findings: readonly Finding[]) => void

type Tell = (level: 'error' | 'warn' | 'info', message: string, fields: Readonly<Record<string, unknown>>) => void

/** Tells each finding once, when it comes up: with its code, its place as `file:line:column`, what to write instead, and its page. */
export function createFindingLog(tell: Tell): FindingLog {
  let told: ReadonlySet<string> = new Set()
  return (findings) => {
    const now = new Set<string>()
    for (const { severity, code, message, fix, origin, docs } of findings) {
      const place = originPlace(origin)
      const key = `${code} ${place} ${message}`
      if (now.has(key)) continue
      now.add(key)
      if (!told.has(key)) tell(LEVELS[severity], message, { code, place, ...(fix === undefined ? {} : { fix }), docs })
    }
    told = now
  }
}

const LEVELS = { error: 'error', warning: 'warn', info: 'info' } as const
