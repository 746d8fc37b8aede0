import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Registry } from './registry.ts'

/** Adds what a Node process tells about itself, under the names of prom-client; returns the way to stop measuring. */
export function addProcessMetrics(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS })
  delay.enable()
  const gauge = (name: string, help: string): { set(value: number): void } => registry.gauge({ name, help }).of()
  const cpu = registry.counter({ name: 'process_cpu_seconds_total', help: 'CPU time of the process.' }).of()
  const resident = gauge('process_resident_memory_bytes', 'Resident memory of the process.')
  const heap = gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.')
  const lag = gauge('nodejs_eventloop_lag_seconds', 'Mean delay of the event loop since the last reading.')
  const worst = gauge('nodejs_eventloop_lag_max_seconds', 'Longest delay of the event loop since the last reading.')
  gauge('process_start_time_seconds', 'Start of the process, Unix time.').set(Math.round(Date.now() / 1000 - process.uptime()))
  registry.onExpose(() => {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    cpu.add((user + system) / 1e6 - cpu.value)
    resident.set(rss)
    heap.set(heapUsed)
    lag.set(lateness(delay.mean))
    worst.set(lateness(delay.max))
    delay.reset()
  })
  return () => {
    delay.disable()
  }
}

/** How often the loop is asked to be on time. */
const TICK_MS = 20

/** Seconds beyond the tick that was asked for. */
function lateness(tickNs: number): number {
  return Number.isFinite(tickNs) ? Math.max(0, tickNs / 1e9 - TICK_MS / 1000) : 0
}
