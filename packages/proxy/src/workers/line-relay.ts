import type { AccessLogWriter } from '@mesh/telemetry'
import { LIMITS } from '../limits.ts'

/** An access log whose lines leave in batches for the thread that writes those of all workers: what two write at once could be mixed. */
export function createLineRelay(send: (text: string, lines: number) => void): AccessLogWriter {
  let texts: string[] = []
  let characters = 0
  let lines = 0
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (lines > 0) send(texts.join(''), lines)
    texts = []
    characters = 0
    lines = 0
  }
  return {
    // Whoever writes them counts what is lost.
    dropped: 0,
    write(text, count = 1) {
      texts.push(text)
      characters += text.length
      lines += count
      if (characters >= LIMITS.workerLinesBytes) flush()
      else timer ??= setTimeout(flush, LIMITS.workerLinesMs).unref()
    },
    async close() {
      flush()
    },
  }
}
