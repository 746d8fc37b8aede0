import { readFileSync } from 'node:fs'
import type { Io, TlsContext } from '@mesh/io'

/** TLS contexts from files that the configuration names; made once per content, read again after `refresh`. */
export interface FileContexts {
  /** A server certificate; a sentence when it cannot be had. */
  server(files: { readonly certFile: string; readonly keyFile: string; readonly caFile?: string }): TlsContext | string
  /** Roots alone. */
  roots(caFile: string): TlsContext | string
  /** Files may have changed. */
  refresh(): void
}

/** An empty store. */
export function createFileContexts({ io, onProblem }: { readonly io: Io; readonly onProblem: (sentence: string) => void }): FileContexts {
  const byFiles = new Map<string, { readonly content: string; readonly context: TlsContext }>()
  const fresh = new Set<string>()
  /** Each problem is told once. */
  const told = new Map<string, string>()
  const context = (certFile: string | undefined, keyFile: string | undefined, caFile: string | undefined): TlsContext | string => {
    const key = JSON.stringify([certFile, keyFile, caFile])
    const known = byFiles.get(key)
    if (known !== undefined && fresh.has(key)) return known.context
    try {
      const [certChainPem, privateKeyPem, rootsPem] = [read(certFile), read(keyFile), read(caFile)]
      const content = [certChainPem, privateKeyPem, rootsPem].join('\0')
      fresh.add(key)
      told.delete(key)
      if (known?.content === content) return known.context
      const made = io.tlsContext({ certChainPem, privateKeyPem, rootsPem })
      byFiles.set(key, { content, context: made })
      return made
    } catch (error) {
      const sentence = `Certificate files cannot be used: ${error instanceof Error ? error.message : String(error)}`
      if (told.get(key) !== sentence) onProblem(sentence)
      told.set(key, sentence)
      return sentence
    }
  }
  return {
    server: (files) => context(files.certFile, files.keyFile, files.caFile),
    roots: (caFile) => context(undefined, undefined, caFile),
    refresh: () => fresh.clear(),
  }
}

function read(file: string | undefined): string {
  return file === undefined ? '' : readFileSync(file, 'utf8')
}
