import { spawn } from 'node:child_process'
import { findMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'

export interface OpenOptions {
  readonly cwd: string
  readonly gateway: string | undefined
  /** Whether a browser may be started. */
  readonly browser: boolean
}

/** `meshctl open`. */
export async function runOpen({ cwd, gateway, browser }: OpenOptions): Promise<ExitCode> {
  const { gateways } = findMesh(cwd).run
  const found =
    gateway === undefined ? (gateways.find(({ page }) => page !== null) ?? gateways[0]) : gateways.find(({ name }) => name === gateway)
  if (found === undefined) {
    const names = gateways.map(({ name }) => name).join(', ')
    throw new CommandFailure(
      EXIT.negative,
      names === '' ? 'This mesh has no gateway.' : `There is no gateway "${gateway}". There is ${names}.`,
    )
  }
  const url = `${found.url}${found.page ?? '/'}`
  await print(url)
  const opener = browser && process.stdout.isTTY ? openerOf(process.platform, process.env) : undefined
  if (opener !== undefined) await start(opener, url)
  return EXIT.ok
}

/** The program that opens a page; undefined where there is no desktop. */
export function openerOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly string[] | undefined {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = env
  if (BROWSER !== undefined && BROWSER !== '') return [BROWSER]
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['cmd', '/c', 'start', '']
  return DISPLAY === undefined && WAYLAND_DISPLAY === undefined ? undefined : ['xdg-open']
}

/** Without a browser the address that was printed must do. */
function start([command = '', ...args]: readonly string[], url: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve())
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}
