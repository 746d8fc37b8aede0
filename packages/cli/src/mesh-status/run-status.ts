import { findMesh } from '../mesh/find-mesh.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { formatTable } from '../output/table.ts'
import { askSupervisor } from '../up/control/client.ts'
import type { MeshStatus, ProcessStatus } from '../up/control/status.ts'

/** `meshctl status`; answers no when something is not ready. */
export async function runStatus(cwd: string, output: Format): Promise<ExitCode> {
  const status = (await askSupervisor(findMesh(cwd).run.control, { do: 'status' })) as MeshStatus
  const nowMs = Date.now()
  await printValue(output, status, () =>
    formatTable(
      HEADS,
      status.processes.map((one) => row(one, nowMs)),
    ),
  )
  return status.processes.every(({ ready }) => ready) ? EXIT.ok : EXIT.negative
}

const HEADS = ['NAME', 'READY', 'RESTARTS', 'AGE', 'ADDRESS', 'PID', 'PROXY PID', 'REASON']

function row({ name, namespace, ready, restarts, startedAtMs, address, pids, reason }: ProcessStatus, nowMs: number): readonly string[] {
  const pid = (one: number): string => (one === 0 ? '-' : String(one))
  const age = startedAtMs === 0 ? '-' : ageText(nowMs - startedAtMs)
  return [`${name}.${namespace}`, ready ? 'yes' : 'no', String(restarts), age, address, pid(pids.app), pid(pids.proxy), reason]
}

/** As kubectl tells an age: `45s`, `3m10s`, `5h12m`, `2d3h`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60]
  if (days > 0) return `${days}d${hours}h`
  if (hours > 0) return `${hours}h${minutes}m`
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`
}
