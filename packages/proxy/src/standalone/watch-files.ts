import { stat } from 'node:fs/promises'
import { LIMITS } from '../limits.ts'

/** Tells when one of a few files has changed; they may lie anywhere, and be links that are swapped. */
export interface FileWatch {
  /** Watches these from now on, and no others. */
  set(files: readonly string[]): void
  close(): void
}

/** Looks at each file every few seconds: certificates are renewed far less often. */
export function watchFiles({ onChange }: { readonly onChange: () => void }): FileWatch {
  /** By file; undefined until it was looked at. */
  let stamps = new Map<string, string | undefined>()
  let looking = false
  const look = async (): Promise<void> => {
    if (looking) return
    looking = true
    const looked = stamps
    let changed = false
    for (const [file, before] of looked) {
      const now = await stampOf(file)
      changed ||= before !== undefined && before !== now
      looked.set(file, now)
    }
    looking = false
    if (changed && looked === stamps) onChange()
  }
  const timer = setInterval(() => void look(), LIMITS.certificateFilesMs).unref()
  return {
    set(files) {
      if (files.length === stamps.size && files.every((file) => stamps.has(file))) return
      stamps = new Map(files.map((file) => [file, stamps.get(file)]))
      void look()
    },
    close() {
      clearInterval(timer)
      stamps = new Map()
    },
  }
}

async function stampOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(file)
    return `${dev}:${ino}:${size}:${mtimeMs}`
  } catch {
    return 'not there'
  }
}
