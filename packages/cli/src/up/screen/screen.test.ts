import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Plan, PlannedWorkload } from '../plan.ts'
import { greeting } from './greeting.ts'
import { Progress } from './progress.ts'
import { plainScreen, terminalScreen } from './screen.ts'

interface Paper extends Writable {
  columns?: number
  /** What stands on a terminal after all that was written, as far as our sequences go. */
  lines(): readonly string[]
}

function paper(columns?: number): Paper {
  let text = ''
  const out = new Writable({
    write(piece: Buffer, _encoding, done) {
      text += piece.toString()
      done()
    },
  })
  const lines = (): readonly string[] => text.split('\n').map((line) => line.split('\r\u001b[2K').at(-1) ?? '')
  return Object.assign(out, { lines }, columns === undefined ? {} : { columns })
}

test('what goes on stands below what was said, and is replaced in place', () => {
  const out = paper()
  const screen = terminalScreen(out)
  screen.say('one')
  screen.show('starting')
  screen.say('two')
  screen.show('almost')
  screen.show(undefined)
  screen.say('three')
  expect(out.lines()).toEqual(['one', 'two', 'three', ''])
})

test('what goes on never takes more than one line', () => {
  const out = paper(10)
  terminalScreen(out).show('a long status')
  expect(out.lines()).toEqual(['a long st'])
})

test('a file gets only what stays', () => {
  const out = paper()
  const screen = plainScreen(out)
  screen.show('starting')
  screen.say('one')
  expect(out.lines()).toEqual(['one', ''])
})

const workload = (name: string, more: object = {}): PlannedWorkload =>
  ({
    kind: 'sidecar',
    name,
    workload: name,
    address: '127.64.1.1',
    proxy: { admin: 15000, metrics: 15090 },
    app: { command: 'run' },
    page: null,
    openPorts: {},
    bindAddress: null,
    ...more,
  }) as PlannedWorkload
const plan = {
  name: 'shop',
  ca: {},
  telemetry: null,
  configDirs: ['/work/shop/config', '/work/shop/more'],
  workloads: [
    workload('web'),
    workload('outside', { proxy: null }),
    workload('ingress', { kind: 'gateway', app: null, page: '/hello', openPorts: { 80: 8080 } }),
  ],
} as unknown as Plan

test('a start tells what is ready, and at last what stays', () => {
  const shown: (string | undefined)[] = []
  const progress = new Progress({ plan, show: (status) => shown.push(status), elapsedMs: () => 61_400, before: ['install ok'] })
  progress.ready('ca')
  progress.ready('web.app')
  progress.ready('web.proxy')
  expect(shown.at(-1)).toBe(' install ok · ca ok · pilot ... · 1/2 proxies · 1/2 apps (1:01)')
  progress.ready('pilot')
  expect(progress.end(2)).toBe(' install ok · ca ok · pilot ok · 2 proxies synced (1:01)')
  expect(shown.at(-1)).toBeUndefined()
  expect(progress.end(1)).toContain('1 of 2 proxies synced')
})

test('the greeting names the proxies, the pages, where to change something, and what to ask', () => {
  expect(greeting(plan, { cwd: '/work', meshctl: 'npx meshctl' })).toEqual([
    ' web      admin http://127.64.1.1:15000/  metrics http://127.64.1.1:15090/stats/prometheus',
    ' ingress  admin http://127.64.1.1:15000/  metrics http://127.64.1.1:15090/stats/prometheus',
    ' shop    http://localhost:8080/hello',
    ' config  shop/config, shop/more    save a file: live on the next request',
    ' next    npx meshctl ps | logs | explain | apply        Ctrl-C stops all',
  ])
})

test('the address of a gateway that is not ready is not told, for another program may answer there', () => {
  const lines = greeting(plan, { cwd: '/work', meshctl: 'meshctl', isReady: ({ name }) => name !== 'ingress' })
  expect(lines).toContain(' shop    not ready, as told above')
  expect(lines.join('\n')).not.toContain('localhost:8080')
})
