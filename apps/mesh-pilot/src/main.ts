#!/usr/bin/env node
import { processLog, readSettings, startPilot } from '@mesh/pilot'

const log = processLog(process.env['MESH_LOG_LEVEL'])
process.on('uncaughtException', (error) => log('error', 'unexpected', { reason: error.message, stack: error.stack }))

try {
  const started = startPilot(readSettings(process.argv, process.env), log)
  const stop = (): void => {
    started
      .then((pilot) => pilot.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  await started
} catch (error) {
  log('error', 'could not start', { reason: error instanceof Error ? error.message : String(error) })
  process.exit(1)
}
