import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { View } from '@mesh/core/view'
import { LIMITS } from '../limits.ts'

/** The last view that was in force, on disk: what a proxy starts from while pilot is away. It never holds a key. */
export interface ViewStore {
  /** The stored view of this node; undefined when there is none, with a sentence to `onProblem` when it cannot be used. */
  load(): View | undefined
  /** Replaces it atomically, shortly after; of several views in a row the last one. */
  save(view: View): void
  /** Writes at once what is still to be written. */
  flush(): void
}

export interface ViewStoreOptions {
  readonly dir: string
  /** Whose view it is: a stored view of another node is not used. */
  readonly node: string
  readonly onProblem: (sentence: string) => void
}

const FORMAT = 1
/** Views that follow each other faster are stored once. */
const SAVE_AFTER_MS = 100

/** A view store in `dir/view.json`. */
export function openViewStore(options: ViewStoreOptions): ViewStore {
  const file = join(options.dir, 'view.json')
  let waiting: View | undefined
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const view = waiting
    waiting = undefined
    if (view !== undefined) guarded(options, `The view could not be stored in ${file}`, () => save(file, view, options))
  }
  return {
    load: () => guarded(options, `The stored view ${file} is not used`, () => load(file, options)),
    save(view) {
      waiting = view
      timer ??= setTimeout(flush, SAVE_AFTER_MS).unref()
    },
    flush,
  }
}

function guarded<T>(options: ViewStoreOptions, what: string, act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    options.onProblem(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

function load(file: string, options: ViewStoreOptions): View | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) return undefined
  if (size > LIMITS.storedViewBytes) throw new Error(`it has ${size} bytes, more than ${LIMITS.storedViewBytes}`)
  const text = readFileSync(file, 'utf8')
  const newline = text.indexOf('\n')
  const head = JSON.parse(text.slice(0, newline)) as { format?: unknown; node?: unknown; sha256?: unknown }
  const body = text.slice(newline + 1)
  if (head.format !== FORMAT) throw new Error('it is of another version')
  if (head.node !== options.node) throw new Error(`it belongs to ${String(head.node)}`)
  if (head.sha256 !== sha256(body)) throw new Error('its checksum does not fit')
  return JSON.parse(body) as View
}

function save(file: string, view: View, options: ViewStoreOptions): void {
  const body = JSON.stringify(view)
  if (body.length > LIMITS.storedViewBytes) throw new Error(`it would have ${body.length} bytes, more than ${LIMITS.storedViewBytes}`)
  mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  const next = `${file}.next`
  writeFileSync(next, `${JSON.stringify({ format: FORMAT, node: options.node, sha256: sha256(body) })}\n${body}`, { mode: 0o600 })
  renameSync(next, file)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
