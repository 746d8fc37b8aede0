import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { trimLogs } from './logs.ts'

test('a log that is too long begins anew and keeps its past beside it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-logs-'))
  try {
    writeFileSync(join(dir, 'long.log'), 'x'.repeat(101))
    writeFileSync(join(dir, 'short.log'), 'x'.repeat(100))
    trimLogs(dir, 100)
    appendFileSync(join(dir, 'long.log'), 'new')
    expect(readFileSync(join(dir, 'long.log'), 'utf8')).toBe('new')
    expect(readFileSync(join(dir, 'long.log.1'), 'utf8')).toHaveLength(101)
    expect(readFileSync(join(dir, 'short.log'), 'utf8')).toHaveLength(100)
  } finally {
    rmSync(dir, { recursive: true })
  }
})
