import { listStats, type Counters } from '../counters.ts'
import { text, type AdminReply } from './routes.ts'

/** Envoy's `/stats`: `name: value`, one a line. */
export function statsPage(counters: Counters, filter: string | null): AdminReply {
  const rows = listStats(counters).filter(([name]) => filter === null || name.includes(filter))
  return text(
    rows
      .map(([name, value]) => `${name}: ${value}`)
      .toSorted()
      .join('\n'),
  )
}

/** The proxy's own numbers as Prometheus text, under Envoy's names. */
export function statsExposition(counters: Counters): string {
  return listStats(counters)
    .map(([name, value, kind]) => {
      const metric = `envoy_${name.replaceAll('.', '_')}`
      return `# TYPE ${metric} ${kind}\n${metric} ${value}\n`
    })
    .join('')
}
