import { createDataPlane } from '../../../packages/proxy/src/data-plane.ts'
import { openSinks } from '../../../packages/proxy/src/observe/sinks.ts'
import type { Timers } from '../../../packages/io/src/index.ts'
import { outboundView } from '../peers/mesh-view.ts'
import { MemoryIo, type Answer } from './memory-io.ts'

/** The hosts of the bench: ten, two routes each. */
export const HOSTS: readonly string[] = Array.from({ length: 10 }, (_, index) => `host-${index}.example`)

/** A sidecar of the bench in this process, without sockets. What it reports as wrong ends the measurement. */
export async function simulatedSidecar(timers: Timers, answer: Answer): Promise<MemoryIo> {
  const io = new MemoryIo(timers, answer)
  const plane = createDataPlane({
    io,
    self: {
      kind: 'sidecar',
      name: 'client-v1-0',
      namespace: 'default',
      serviceAccount: 'client',
      workload: 'client-v1',
      labels: { app: 'client', version: 'v1' },
      address: '127.0.0.1',
      cluster: 'Kubernetes',
      trustDomain: 'cluster.local',
      identity: false,
      capture: 'none',
    },
    sinks: openSinks({ engine: () => plane.engine, onProblem: fail, onTrouble: (trouble) => fail(JSON.stringify(trouble)) }),
    onFault: fail,
  })
  await plane.apply(outboundView({ setup: 'plain', hosts: HOSTS, prefix: '/api', upstreamPort: 9, dir: '', pki: undefined }, 15_001))
  return io
}

function fail(error: unknown): never {
  throw error instanceof Error ? error : new Error(String(error))
}
