import { resolve } from 'node:path'
import type { View } from '@mesh/core/view'

/** A view whose certificate files are looked for in `directory` where they are named without a full path. */
export function withFilesIn(view: View, directory: string): View {
  const place = <T extends Files>(tls: T): T => ({
    ...tls,
    ...Object.fromEntries(named(tls).map(([key, file]) => [key, resolve(directory, file)])),
  })
  return {
    ...view,
    listeners: view.listeners.map((listener) => ({
      ...listener,
      chains: listener.chains.map((chain) => (chain.tls === undefined ? chain : { ...chain, tls: place(chain.tls) })),
    })),
    clusters: view.clusters.map((cluster) => (cluster.tls === undefined ? cluster : { ...cluster, tls: place(cluster.tls) })),
  }
}

/** The files that a view names, each once. */
export function filesOf(view: View): readonly string[] {
  const contexts: readonly (Files | undefined)[] = [
    ...view.listeners.flatMap(({ chains }) => chains.map(({ tls }) => tls)),
    ...view.clusters.map(({ tls }) => tls),
  ]
  return [...new Set(contexts.flatMap((tls) => (tls === undefined ? [] : named(tls).map(([, file]) => file))))]
}

interface Files {
  readonly certFile?: string
  readonly keyFile?: string
  readonly caFile?: string
}

function named({ certFile, keyFile, caFile }: Files): readonly (readonly [keyof Files, string])[] {
  return (
    [
      ['certFile', certFile],
      ['keyFile', keyFile],
      ['caFile', caFile],
    ] as const
  ).flatMap(([key, file]) => (file === undefined ? [] : [[key, file] as const]))
}
