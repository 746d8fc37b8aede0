import { originName } from '../config/origin.ts'
import type { Finding } from '../config/finding.ts'
import type { ConfigObject } from '../config/object.ts'

/** Findings that are to be told: warnings and remarks that an object asks not to hear (Istio `galley.istio.io/analyze-suppress`) are not. */
export function withoutSuppressed(findings: readonly Finding[], objects: readonly ConfigObject[]): readonly Finding[] {
  const asked = new Map<string, ReadonlySet<string>>()
  for (const { meta, origin } of objects) {
    const codes = meta.annotations[ANNOTATION]
    if (codes !== undefined) asked.set(originName(origin), new Set(codes.split(',').map((code) => code.trim())))
  }
  if (asked.size === 0) return findings
  return findings.filter(({ severity, code, origin }) => {
    const codes = asked.get(originName(origin))
    return severity === 'error' || codes === undefined || !(codes.has('*') || codes.has(code))
  })
}

const ANNOTATION = 'galley.istio.io/analyze-suppress'
