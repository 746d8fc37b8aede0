import { formatTable } from '../output/table.ts'
import { msText } from '../records/record-words.ts'
import type { Row } from './call-window.ts'

/** Rows in columns; `height` bounds the lines. */
export function topTable(rows: readonly Row[], height = Number.POSITIVE_INFINITY): string {
  if (rows.length === 0) return 'No calls.'
  const shown = rows.slice(0, Math.max(1, height - 2))
  const left = rows.length - shown.length
  const table = formatTable(HEADS, shown.map(cells))
  return left === 0 ? table : `${table}\n… and ${left} more`
}

const HEADS = ['NAME', 'SERVICE', 'RPS', 'SUCCESS', 'P50', 'P99', 'FLAGS']

function cells({ name, service, rate, success, p50Ms, p99Ms, flags }: Row): readonly string[] {
  const told = flags.map(([flag, calls]) => `${flag} ${calls}`).join(', ')
  return [name, service, rate.toFixed(1), percent(success), msText(p50Ms), msText(p99Ms), told === '' ? '-' : told]
}

/** Never rounded up to all. */
function percent(share: number): string {
  return share === 1 ? '100 %' : `${Math.min(99.9, share * 100).toFixed(1)} %`
}
