import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LIMITS } from '../limits.ts'
import { watchFiles } from './watch-files.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-watch-'))
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(dir, { recursive: true })
})

/** Does something before each look, until the watch has told of it. */
async function toldOf(act: (turn: number) => void, told: () => number, already: number): Promise<void> {
  let turn = 0
  await expect
    .poll(() => {
      act(turn++)
      vi.advanceTimersByTime(LIMITS.certificateFilesMs)
      return told()
    })
    .toBeGreaterThan(already)
}

test('a file that is written, replaced or missing is told, one that is not watched any more is not', async () => {
  const [cert, other] = [join(dir, 'cert.pem'), join(dir, 'other.pem')]
  writeFileSync(cert, 'one')
  const onChange = vi.fn<() => void>()
  const told = (): number => onChange.mock.calls.length
  const watch = watchFiles({ onChange })
  watch.set([cert])
  await toldOf((turn) => writeFileSync(cert, 'x'.repeat(turn + 10)), told, 0)
  await toldOf(
    (turn) => {
      writeFileSync(other, 'y'.repeat(turn + 10))
      renameSync(other, cert)
    },
    told,
    told(),
  )
  await toldOf(() => rmSync(cert, { force: true }), told, told())
  watch.set([other])
  const before = told()
  writeFileSync(cert, 'again')
  await toldOf((turn) => writeFileSync(other, 'z'.repeat(turn + 10)), told, before)
  watch.close()
  expect(vi.getTimerCount()).toBe(0)
})
