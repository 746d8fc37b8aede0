import { statSync } from 'node:fs'
import { startFileSource } from '@mesh/files'
import { createFindingLog, type Logger } from '@mesh/telemetry'
import { changeBetween } from '@mesh/core/compile'
import type { ConfigSource } from '@mesh/core/config'
import type { View } from '@mesh/core/view'
import type { FeedTarget, ViewFeed } from '../control/view-feed.ts'
import { compileFolder, foreignGateways, type CompiledFolder } from './compile-folder.ts'
import type { StandaloneFlags } from './flags.ts'
import { filesOf } from './named-files.ts'
import { watchFiles } from './watch-files.ts'

/** Views that are compiled in this process from the files of a folder. */
export interface FolderFeed extends ViewFeed {
  readonly initial: View
  readonly first: CompiledFolder
}

/** Reads the folder. Rejects with an Error when there is nothing in it to serve; what is wrong with it is in the log then. */
export async function openFolderFeed(flags: StandaloneFlags, log: Logger): Promise<FolderFeed> {
  const { directory } = flags
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw new Error(`--config: ${directory} is no directory`)
  const folder = new Folder(flags, log)
  const source = await startFileSource({
    directories: [directory],
    onSources: (sources) => folder.take(sources),
    log: (level, event, fields) => log[level](fields, event),
  })
  const first = folder.current
  const nothing = first === undefined ? `the configuration in ${directory} cannot be taken up` : nothingToServe(first, directory)
  if (first === undefined || nothing !== undefined) {
    await source.close()
    throw new Error(`Nothing can be served: ${nothing}.`)
  }
  return {
    first,
    initial: first.view,
    follow(to) {
      folder.follow(to, first)
      return {
        async close() {
          folder.close()
          await source.close()
        },
      }
    },
  }
}

/** What was taken up last, and the data plane that serves it. */
class Folder {
  readonly #flags: StandaloneFlags
  readonly #log: Logger
  readonly #tellFindings: ReturnType<typeof createFindingLog>
  readonly #certificates = watchFiles({ onChange: () => this.#apply('certificate files have changed') })
  #foreign = ''
  #to: FeedTarget | undefined
  current: CompiledFolder | undefined

  constructor(flags: StandaloneFlags, log: Logger) {
    this.#flags = flags
    this.#log = log
    this.#tellFindings = createFindingLog((level, message, fields) => log[level](fields, message))
  }

  take(sources: readonly ConfigSource[]): void {
    const before = this.current
    const next = compileFolder(this.#flags, sources, before)
    this.current = next
    this.#tellFindings(next.findings)
    this.#tellForeign(next)
    if (before !== undefined && changeBetween(before.snapshot, next.snapshot) === 'none') return
    this.#apply('files have changed')
  }

  /** `applied` is in force already. */
  follow(to: FeedTarget, applied: CompiledFolder): void {
    this.#to = to
    this.#certificates.set(filesOf(applied.view))
    if (this.current !== applied) this.#apply('files have changed')
  }

  close(): void {
    this.#to = undefined
    this.#certificates.close()
  }

  #apply(why: string): void {
    const { current } = this
    if (this.#to === undefined || current === undefined) return
    const { view } = current
    this.#certificates.set(filesOf(view))
    const told = (failures: unknown): void =>
      this.#log.info({ snapshot: view.snapshot, listeners: view.listeners.length, failures, why }, 'view in force')
    this.#to.plane.apply(view).then(told, (error: unknown) => this.#log.error({ err: error }, 'a view could not be put in force'))
  }

  #tellForeign(next: CompiledFolder): void {
    const gateways = foreignGateways(next)
    const all = gateways.join(' ')
    if (all !== this.#foreign && all !== '')
      this.#log.warn({ gateways, labels: next.node.labels }, 'gateways that do not select this proxy are not served')
    this.#foreign = all
  }
}

function nothingToServe(folder: CompiledFolder, directory: string): string | undefined {
  if (folder.view.listeners.length > 0) return undefined
  const foreign = foreignGateways(folder)
  if (foreign.length > 0) return `no Gateway selects this proxy; name with --labels what one of them asks for: ${foreign.join(' ')}`
  return `${directory} holds no Gateway that can be opened`
}
