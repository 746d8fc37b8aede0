import { nodeLog } from '../node-plane.ts'
import { startNode, type RunningProxy } from '../service.ts'
import { readFlags, type StandaloneFlags } from './flags.ts'
import { openFolderFeed, type FolderFeed } from './folder-feed.ts'

/** A proxy that serves the files of a folder, without a control plane. Rejects with an Error when nothing can be served. */
export async function startStandalone(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<RunningProxy> {
  const flags = readFlags(argv, env)
  const log = nodeLog({ node: flags, logLevel: flags.logLevel })
  const feed = await openFolderFeed(flags, log)
  const proxy = await startNode({ settings: settingsOf(flags, feed), log, feed })
  const { bound, unbound } = proxy.plane.listeners
  if (bound.length > 0) {
    log.info({ listening: bound.map(({ socket }) => `${socket?.address}:${socket?.port}`), admin: proxy.doors.admin.port }, 'serving')
    return proxy
  }
  await proxy.stop()
  throw new Error(`Nothing can be served: ${unbound.map(({ address, port, reason }) => `${address}:${port}: ${reason}`).join('; ')}`)
}

function settingsOf({ ports, concurrency, memoryLimit, io, hotRestart, logLevel }: StandaloneFlags, { first }: FolderFeed) {
  return {
    node: first.node,
    adminAddress: '127.0.0.1',
    ports,
    identity: null,
    localAddress: undefined,
    headersWithUnderscores: 'reject',
    concurrency,
    memoryLimit,
    io,
    hotRestart,
    logLevel,
  } as const
}
