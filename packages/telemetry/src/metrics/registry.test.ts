import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { readExposition, valueOf } from '../testdata/read-exposition.ts'
import { addProcessMetrics } from './process-metrics.ts'
import { createRegistry } from './registry.ts'

test('counters, gauges and histograms are told by name, with help and type', () => {
  const registry = createRegistry()
  const pushes = registry.counter({ name: 'pilot_xds_pushes', help: 'Pushes by type.', labels: ['type'] })
  registry.gauge({ name: 'pilot_xds', help: 'Connected\nproxies \\ now.' }).of().set(3)
  registry
    .histogram({ name: 'pilot_xds_push_time', help: 'Seconds.', bounds: [0.1, 1] })
    .of()
    .observe(0.5)
  pushes.of('cds').add()
  pushes.of('cds').add(2)
  pushes.of('eds').add(-5)
  expect(registry.expose()).toBe(
    [
      '# HELP pilot_xds Connected\\nproxies \\\\ now.',
      '# TYPE pilot_xds gauge',
      'pilot_xds 3',
      '# HELP pilot_xds_push_time Seconds.',
      '# TYPE pilot_xds_push_time histogram',
      'pilot_xds_push_time_bucket{le="0.1"} 0',
      'pilot_xds_push_time_bucket{le="1"} 1',
      'pilot_xds_push_time_bucket{le="+Inf"} 1',
      'pilot_xds_push_time_sum 0.5',
      'pilot_xds_push_time_count 1',
      '# HELP pilot_xds_pushes Pushes by type.',
      '# TYPE pilot_xds_pushes counter',
      'pilot_xds_pushes{type="cds"} 3',
      'pilot_xds_pushes{type="eds"} 0',
      '',
    ].join('\n'),
  )
})

test('names that Prometheus cannot read, or that are taken, are refused when they are made', () => {
  const registry = createRegistry()
  registry.counter({ name: 'a_total', help: '' })
  expect(() => registry.gauge({ name: 'a_total', help: '' })).toThrow(/twice/)
  for (const name of ['', '1a', 'a-b', 'a b']) expect(() => registry.gauge({ name, help: '' })).toThrow(TypeError)
  for (const label of ['', '__name__', 'le', 'a-b'])
    expect(() => registry.gauge({ name: 'b', help: '', labels: [label] })).toThrow(TypeError)
  expect(() => registry.counter({ name: 'c', help: '', labels: ['one'] }).of()).toThrow(TypeError)
})

test('labels without end share one series beyond the bound', () => {
  const registry = createRegistry()
  const family = registry.counter({ name: 'paths_total', help: 'Paths.', labels: ['path'] })
  for (let index = 0; index < LIMITS.familySeries + 100; index++) family.of(`/${index}`).add()
  const samples = readExposition(registry.expose())
  expect(samples).toHaveLength(LIMITS.familySeries + 1)
  expect(valueOf(samples, 'paths_total', { path: 'overflow' })).toBe(100)
})

test('gauges are brought up to date when somebody reads', () => {
  const registry = createRegistry()
  const nodes = registry.gauge({ name: 'nodes', help: 'Nodes.', labels: ['name'] })
  let names = ['a', 'b']
  registry.onExpose(() => {
    nodes.clear()
    for (const name of names) nodes.of(name).set(1)
  })
  expect(readExposition(registry.expose())).toHaveLength(2)
  names = ['c']
  expect(readExposition(registry.expose()).map(({ labels }) => labels.get('name'))).toEqual(['c'])
})

test('a process tells its memory, CPU time and delay of its loop', () => {
  const registry = createRegistry()
  const stop = addProcessMetrics(registry)
  const samples = readExposition(registry.expose())
  stop()
  expect(valueOf(samples, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
  expect(valueOf(samples, 'process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(valueOf(samples, 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0)
})
