import { readSettings, startCollector } from '@mesh/telemetry/collector'

try {
  const collector = await startCollector(readSettings(process.argv, process.env))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void collector.close().finally(() => process.exit(0)))
} catch (error) {
  process.stderr.write(`mesh-telemetry: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
