import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fresh } from '../records/follow-records.ts'
import type { SeenRecord } from '../records/seen-record.ts'
import { shortNames } from '../records/short-names.ts'
import { aRecord, aWorkload, who } from '../records/testdata/a-record.ts'
import { MemoryMesh } from '../records/testdata/proxies.ts'
import { meshctl } from '../testdata/meshctl.ts'
import { CallWindow } from './call-window.ts'
import { MAX_WINDOW_CALLS } from './limits.ts'
import { openScreen } from './screen.ts'
import { topTable } from './top-table.ts'

const NOW = 100_000
const names = shortNames({ workloads: [], gateways: [] })
const at = aWorkload('productpage-v1', 2)

const freshOf = (records: readonly Partial<SeenRecord>[], gaps: Fresh['gaps'] = []): Fresh => ({
  seen: records.map((more) => ({ at, record: aRecord({ startMs: NOW - 1000, durationMs: 10, peer: who('reviews-v2'), ...more }) })),
  gaps,
  silent: [],
})

const rowsWithin = (maxCalls: number, ...all: readonly Fresh[]) => {
  const window = new CallWindow({ windowMs: 10_000, maxCalls })
  for (const fresh of all) window.take(fresh, NOW)
  return window.rows(NOW, names)
}

const rowsOf = (...all: readonly Fresh[]) => rowsWithin(MAX_WINDOW_CALLS, ...all)

test('rate, success and times are those of the window', () => {
  const good = Array.from({ length: 98 }, (_, index) => ({ durationMs: index + 1 }))
  const [row] = rowsOf(freshOf([...good, { status: 503, flags: ['UH'], durationMs: 500 }, { status: 0, flags: ['DC'], durationMs: 500 }]))
  expect(row).toMatchObject({ name: 'reviews-v2', rate: 10, success: 0.98, p50Ms: 50, p99Ms: 500 })
  expect(row?.flags).toEqual([
    ['UH', 1],
    ['DC', 1],
  ])
})

test('what is older than the window does not count, and each call counts once', () => {
  const old = { startMs: NOW - 20_000 }
  const otherSide = { reporter: 'destination' } as const
  expect(rowsOf(freshOf([old, {}, otherSide]))).toMatchObject([{ rate: 0.1 }])
})

test('where calls were missed the rate is that of the time which is known', () => {
  const gap = { at, calls: 5000, sinceMs: NOW - 1000 }
  const records = Array.from({ length: 200 }, () => ({ startMs: NOW - 500 }))
  expect(rowsOf(freshOf([{ startMs: NOW - 5000 }]), freshOf(records, [gap]))).toMatchObject([{ rate: 200 }])
})

test('of more calls than are kept the last ones count, and the rate is that of their time', () => {
  const records = Array.from({ length: 1000 }, (_, index) => ({ startMs: NOW - 10_000 + index * 10, durationMs: 0 }))
  expect(rowsWithin(1000, freshOf(records))).toMatchObject([{ rate: 100 }])
  expect(rowsWithin(100, freshOf(records.slice(0, 500)), freshOf(records.slice(500)))).toMatchObject([{ rate: 100 }])
})

test('more calls than a function takes arguments are taken at once', () => {
  const seen = freshOf([{}]).seen
  const many = { seen: Array.from({ length: 300_000 }, () => seen).flat(), gaps: [], silent: [] }
  expect(rowsOf(many)).toHaveLength(1)
})

test('the busiest come first, and what does not fit is counted', () => {
  const rows = rowsOf(freshOf([{}, { peer: who('ratings-v1') }, { peer: who('ratings-v1') }, { peer: who('details-v1') }]))
  expect(rows.map(({ name }) => name)).toEqual(['ratings-v1', 'details-v1', 'reviews-v2'])
  expect(topTable(rows, 4).split('\n').at(-1)).toBe('… and 1 more')
  expect(topTable([])).toBe('No calls.')
})

test('nearly all is not all', () => {
  const rows = rowsOf(freshOf([{ status: 500 }, ...Array.from({ length: 5000 }, () => ({}))]))
  expect(topTable(rows)).toContain('99.9 %')
})

test('on a terminal the table stands still on a screen of its own, elsewhere tables follow each other', () => {
  let written = ''
  const write = (text: string): boolean => {
    written += text
    return true
  }
  const screen = openScreen({ isTTY: true, rows: 10, write } as never)
  expect(screen.height).toBe(8)
  screen.show('title', 'a\nb')
  screen.show('title', 'c')
  screen.close()
  expect(written).toContain('\u001b[?1049h')
  expect(written.split('\u001b[H')).toHaveLength(3)
  expect(written).toContain('\u001b[Htitle')
  expect(written.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
  written = ''
  const plain = openScreen({ isTTY: false, write } as never)
  plain.show('title', 'a')
  plain.show('title', 'b')
  plain.close()
  expect(written).toBe('a\n\nb\n')
})

let mesh: MemoryMesh
beforeEach(() => {
  mesh = new MemoryMesh()
})
afterEach(() => mesh.stop())

test('once prints one table of the time that has passed, for programs too', async () => {
  const memory = await mesh.start('productpage-v1')
  for (let count = 0; count < 20; count++) memory.add({ startMs: Date.now() - 100, peer: who('reviews-v2'), durationMs: 5 })
  const table = await meshctl(mesh.dir, ['top', '--once', '--window', '600'])
  expect(table).toMatchObject({ code: 0, stderr: '' })
  const [heads = '', row = ''] = table.stdout.split('\n')
  expect(heads.split(/ {2,}/)).toEqual(['NAME', 'SERVICE', 'RPS', 'SUCCESS', 'P50', 'P99', 'FLAGS'])
  expect(row.split(/ {2,}/)).toEqual(['reviews-v2', '-', '0.0', '100 %', '5 ms', '5 ms', '-'])
  const told = JSON.parse((await meshctl(mesh.dir, ['top', '-o', 'json', '--window', '600'])).stdout) as unknown
  expect(told).toMatchObject([{ name: 'reviews-v2', success: 1, p50Ms: 5 }])
  expect((await meshctl(mesh.dir, ['top', '--window', '0'])).code).toBe(2)
})
