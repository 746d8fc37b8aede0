import { readSettings } from './settings.ts'
import { startProxy } from './service.ts'

/** The life of a proxy process: settings, start, signals; resolves with its exit code. */
export async function runProxy(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<number> {
  try {
    const proxy = await startProxy(readSettings(argv, env))
    process.on('uncaughtException', (error) => {
      proxy.log.fatal({ err: error }, 'uncaught')
      process.exit(1)
    })
    const signal = await stopSignal()
    proxy.log.info({ signal }, 'draining')
    await proxy.stop()
    return 0
  } catch (error) {
    process.stderr.write(
      `${JSON.stringify({ level: 'fatal', name: 'mesh-proxy', msg: error instanceof Error ? error.message : String(error) })}\n`,
    )
    return 1
  }
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}
