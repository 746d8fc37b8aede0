import { X509Certificate } from 'node:crypto'
import type { RefusedCall } from '@mesh/rpc'
import { addProcessMetrics, createRegistry } from '@mesh/telemetry'
import type { SignEvent } from './sign.ts'

/** What the authority tells Prometheus, under Istio's names. */
export interface CaMetrics {
  count(event: SignEvent): void
  /** A connection or call was ended at a bound. */
  refused(reason: RefusedCall): void
  /** Prometheus text exposition 0.0.4. */
  expose(): string
  close(): void
}

/** Metrics of an authority with this root. */
export function createCaMetrics(rootPem: string): CaMetrics {
  const registry = createRegistry()
  const counter = (name: string, help: string): { add(): void } => registry.counter({ name: `citadel_server_${name}`, help }).of()
  const requests = counter('csr_count', 'Certificate requests that came.')
  const counters = {
    issued: counter('success_cert_issuance_count', 'Certificates that were issued.'),
    unauthenticated: counter('authentication_failure_count', 'Requests whose caller did not prove who it is.'),
    limited: counter('csr_rate_limited_count', 'Requests refused because their caller asks too often.'),
    'bad-request': counter('csr_parsing_err_count', 'Certificate requests that were malformed, weak, for another name or for too long.'),
    failed: counter('csr_sign_err_count', 'Certificates that could not be signed.'),
  } satisfies Record<SignEvent['outcome'], { add(): void }>
  const refused = registry.counter({
    name: 'citadel_server_refused_count',
    help: 'Connections and calls that were ended for going beyond a bound, by reason.',
    labels: ['reason'],
  })
  const expiryS = new X509Certificate(rootPem).validToDate.getTime() / 1000
  for (const [name, help] of EXPIRIES)
    registry
      .gauge({ name: `citadel_server_${name}`, help })
      .of()
      .set(expiryS)
  const close = addProcessMetrics(registry)
  return {
    count(event) {
      requests.add()
      counters[event.outcome].add()
    },
    refused: (reason) => refused.of(reason).add(),
    expose: () => registry.expose(),
    close,
  }
}

/** The chain that signs is the root alone. */
const EXPIRIES = [
  ['root_cert_expiry_timestamp', 'When the root certificate expires, Unix seconds.'],
  ['cert_chain_expiry_timestamp', 'When the signing chain expires, Unix seconds.'],
] as const
