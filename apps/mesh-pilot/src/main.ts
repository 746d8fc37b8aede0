#!/usr/bin/env node
import { jsonLog, readSettings, startPilot } from '@mesh/pilot'

const log = jsonLog((line) => process.stderr.write(line))
process.on('uncaughtException', (error) => log('error', 'unexpected', { reason: error.message, stack: error.stack }))

try {
  const pilot = await startPilot(readSettings(process.argv, process.env), log)
  const stop = (): void => {
    pilot.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  log('error', 'could not start', { reason: error instanceof Error ? error.message : String(error) })
  process.exit(1)
}
