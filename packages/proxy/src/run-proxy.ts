import { readSettings } from './settings.ts'
import { startProxy, type RunningProxy } from './service.ts'

/** The life of a proxy process: settings or a folder of configuration, start, signals; resolves with its exit code. */
export async function runProxy(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<number> {
  try {
    if (argv.some((one) => one === '--help' || one === '-h')) return await help()
    const proxy = await start(argv, env)
    process.on('uncaughtException', (error) => {
      proxy.log.fatal({ err: error }, 'uncaught')
      void proxy.abandon().finally(() => process.exit(1))
    })
    await untilOver(proxy)
    return 0
  } catch (error) {
    process.stderr.write(
      `${JSON.stringify({ level: 'fatal', name: 'mesh-proxy', msg: error instanceof Error ? error.message : String(error) })}\n`,
    )
    return 1
  }
}

/** Reading and compiling files is loaded by who does that alone. */
async function start(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<RunningProxy> {
  if (!argv.some((one) => one === '--config' || one.startsWith('--config='))) return startProxy(readSettings(argv, env))
  const { startStandalone } = await import('./standalone/start-standalone.ts')
  return startStandalone(argv, env)
}

async function help(): Promise<number> {
  const { HELP } = await import('./standalone/help.ts')
  process.stdout.write(HELP)
  return 0
}

/** Ends when it is told to, or when a successor serves in its place; a signal then makes the rest of it short. */
async function untilOver(proxy: RunningProxy): Promise<void> {
  const signal = stopSignal()
  const first = await Promise.race([signal, proxy.taken.then(() => undefined)])
  if (first === undefined) await Promise.race([proxy.leave(), signal.then(() => undefined)])
  else {
    proxy.log.info({ signal: first }, 'draining')
    await proxy.stop()
  }
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}
