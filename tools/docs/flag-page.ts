import { RESPONSE_FLAGS } from '@mesh/core/error'
import { code, markdownPage, table, type Page } from './page.ts'

/** The response flags of access logs, metrics and records. */
export function flagPage(): Page {
  const rows = Object.entries(RESPONSE_FLAGS).map(([flag, meaning]) => [code(flag), meaning])
  return markdownPage('docs/reference/response-flags.md', '`packages/core/src/error/response-flag.ts`', [
    '# Response flags',
    "Envoy's words for why a reply was made by a proxy, or how a call ended: in access logs, in the label `response_flags`, and in `meshctl trace`. A call that went well has none, told as `-`.",
    table(['flag', 'meaning'], rows),
  ])
}
