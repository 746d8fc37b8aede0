import { caseOf } from './draft.ts'

/** A request as our proxy understood it, from its access log. */
export interface Logged {
  readonly status: number
  readonly forwarded: boolean
  readonly bodyBytes: number
}

const LINE = /^\[[^\]]*\] "(\S*) (.*) \S*" (\d+) (\S+) \S+ - "(?:[^"]*)" (\d+) \d+ \d+ \S+ "[^"]*" "([^"]*)" "[^"]*" "[^"]*" "([^"]*)"/

/** Lines by the case that their path or user agent names. */
export function readAccessLog(text: string): ReadonlyMap<string, readonly Logged[]> {
  const byCase = new Map<string, Logged[]>()
  for (const line of text.split('\n')) {
    const [, , path = '', status, , bytes, userAgent = '', upstream] = LINE.exec(line) ?? []
    if (status === undefined) continue
    const id = caseOf(path, userAgent)
    byCase.set(id, [...(byCase.get(id) ?? []), { status: Number(status), forwarded: upstream !== '-', bodyBytes: Number(bytes) }])
  }
  return byCase
}
