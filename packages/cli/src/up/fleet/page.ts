import { get } from '../ready.ts'
import { MAX_PAGE_BYTES } from './limits.ts'

/** The JSON of a page of pilot or a proxy; undefined when it cannot be had now. */
export async function jsonPage(url: string): Promise<unknown> {
  const text = await get(url, MAX_PAGE_BYTES)
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
