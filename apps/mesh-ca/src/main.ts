import { readSettings, startCa } from '@mesh/ca'

try {
  const ca = await startCa(readSettings(process.argv, process.env))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void ca.close().finally(() => process.exit(0)))
} catch (error) {
  process.stderr.write(`mesh-ca: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
