import { addProcessMetrics, createMetrics, createRegistry } from '@mesh/telemetry'
import { createCaMetrics } from '../../packages/ca/src/metrics.ts'
import { createPilotMetrics } from '../../packages/pilot/src/debug/metrics.ts'
import { collectorMetrics } from '../../packages/telemetry/src/collector/collector-metrics.ts'
import { SpanStore } from '../../packages/telemetry/src/collector/span-store.ts'
import { callRecord, tcpRecord } from '../../packages/telemetry/src/testdata/records.ts'
import { throwawayPki } from '../../packages/testing/src/throwaway-pki.ts'
import { code, markdownPage, table, type Page } from './page.ts'

/** The metrics of each process with their labels, read from what it exposes. */
export async function metricPage(): Promise<Page> {
  const common = familiesIn(processText())
  const names = new Set(common.map(({ name }) => name))
  const section = (name: string, where: string, text: string): readonly string[] => [
    `## ${name}`,
    where,
    ...familyParts(familiesIn(text).filter((family) => !names.has(family.name))),
  ]
  return markdownPage('docs/reference/metrics.md', 'what the processes expose', [
    '# Metrics',
    'Prometheus text exposition 0.0.4.',
    ...section('Proxies', 'Each proxy, at `:15090/stats/prometheus`. The names and labels are Istio’s.', proxyText()),
    ...section('Pilot', 'At `/metrics` of its monitoring port, 15014. The names are istiod’s.', pilotText()),
    ...section('Certificate authority', 'At `/metrics` of its monitoring port.', await caText()),
    ...section('Collector', 'The collector of spans, at `/metrics`; `/federate` of it gathers those of all proxies.', collectorText()),
    '## Pilot, certificate authority and collector alike',
    ...familyParts(common),
  ])
}

interface Family {
  readonly name: string
  readonly help: string
  readonly kind: string
  readonly labels: readonly string[]
}

function familyParts(families: readonly Family[]): readonly string[] {
  const groups = Map.groupBy(families, ({ labels }) => labels.join(', '))
  return [...groups].flatMap(([labels, own]) => [
    table(
      ['metric', 'kind', 'meaning'],
      own.map(({ name, kind, help }) => [code(name), kind, help]),
    ),
    labels === '' ? '' : `Labels: ${labels.split(', ').map(code).join(', ')}.`,
  ])
}

function familiesIn(text: string): readonly Family[] {
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)\n((?:[^#].*\n)*)/gm)].map(
    ([, name = '', help = '', kind = '', samples = '']) => {
      if (samples === '') throw new Error(`${name} has no sample: let tools/docs/metric-page.ts bring one about`)
      return { name, help, kind, labels: labelsIn(samples).filter((label) => label !== 'le') }
    },
  )
}

function labelsIn(samples: string): readonly string[] {
  const [first = ''] = samples.split('\n')
  return [...first.matchAll(/([a-z_]+)="(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label)
}

function processText(): string {
  const registry = createRegistry()
  const close = addProcessMetrics(registry)
  return exposed({ expose: registry.expose, close })
}

function proxyText(): string {
  const metrics = createMetrics()
  const record = callRecord()
  metrics.record(record)
  metrics.tcpOpened(tcpRecord())
  metrics.tcpClosed(tcpRecord())
  return metrics.expose(record.startMs)
}

function pilotText(): string {
  const metrics = createPilotMetrics({ onReject: () => undefined })
  const type = { type: 'CDS', state: 'ERROR', sentNonce: '1', error: 'x' } as const
  metrics.onStatus({ id: 1, snapshot: '', types: [type] } as unknown as Parameters<typeof metrics.onStatus>[0], false)
  metrics.onRefused('too-many-streams' as Parameters<typeof metrics.onRefused>[0])
  metrics.onSnapshot({ hash: '', passed: 0, failed: 0, services: 0 })
  return exposed(metrics)
}

async function caText(): Promise<string> {
  const metrics = createCaMetrics((await throwawayPki()).rootPem)
  metrics.refused('too-many-streams' as Parameters<typeof metrics.refused>[0])
  return exposed(metrics)
}

function collectorText(): string {
  return exposed(collectorMetrics(new SpanStore()))
}

function exposed(metrics: { expose(): string; close(): void }): string {
  const text = metrics.expose()
  metrics.close()
  return text
}
