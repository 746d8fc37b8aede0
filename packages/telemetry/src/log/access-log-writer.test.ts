import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { createAccessLogWriter } from './access-log-writer.ts'

test('lines arrive whole and in order, and closing writes what is left', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-log-'))
  const fd = openSync(join(dir, 'log'), 'a')
  const writer = createAccessLogWriter(fd)
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'ä'.repeat(index % 80)}\n`)
  for (const line of lines) writer.write(line)
  await writer.close()
  expect(readFileSync(join(dir, 'log'), 'utf8')).toBe(lines.join(''))
  expect(writer.dropped).toBe(0)
  closeSync(fd)
  rmSync(dir, { recursive: true })
})

test.skipIf(process.platform !== 'linux')('a full disk costs lines, not the process', async () => {
  const writer = createAccessLogWriter(openSync('/dev/full', 'w'))
  writer.write('one\n')
  await writer.close()
  writer.write('two\n')
  await writer.close()
  expect(writer.dropped).toBe(2)
})

test('a reader that does not read costs lines beyond the bound, and closing still ends', async () => {
  const reader = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const { fd } = (reader.stdin as unknown as { _handle: { fd: number } })._handle
  const writer = createAccessLogWriter(fd)
  const line = `${'x'.repeat(1023)}\n`
  const count = (LIMITS.logPendingBytes * 2) / line.length
  for (let index = 0; index < count; index++) writer.write(line)
  expect(writer.dropped).toBeGreaterThan(0)
  await writer.close()
  expect(writer.dropped).toBeLessThanOrEqual(count)
  reader.kill()
  await once(reader, 'exit')
})

test('a reader that goes away costs what it did not read', async () => {
  const reader = spawn(process.execPath, ['-e', ''], { stdio: ['pipe', 'ignore', 'ignore'] })
  reader.stdin.on('error', () => undefined)
  const { fd } = (reader.stdin as unknown as { _handle: { fd: number } })._handle
  const writer = createAccessLogWriter(fd)
  await once(reader, 'exit')
  writer.write('nobody reads this\n')
  await writer.close()
  expect(writer.dropped).toBe(1)
})
