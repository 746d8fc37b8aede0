import { MAX_ERROR_CHARS, MAX_NAMED_REJECTIONS } from '../limits.ts'
import type { Rejection } from '../resource.ts'

/** The message of a NACK: each refused resource by name with its reason; undefined when nothing is refused. */
export function rejectionText(rejections: readonly Rejection[]): string | undefined {
  if (rejections.length === 0) return undefined
  const named = rejections.slice(0, MAX_NAMED_REJECTIONS).map(({ type, resource, reason }) => `${type} ${resource}: ${reason}`)
  const more = rejections.length > named.length ? [`and ${rejections.length - named.length} more`] : []
  return [...named, ...more].join('; ').slice(0, MAX_ERROR_CHARS)
}
