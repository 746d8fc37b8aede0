import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask } from '../../../e2e/src/http.ts'
import { Mesh } from '../../../e2e/src/mesh.ts'
import { proxied } from './callers.ts'
import { errorsOf, replaceFile, type Part } from './part.ts'
import { APP, CALLER, rules, URL_OF_APP, writeMesh } from './sidecar-folder.ts'

/** A mesh of two sidecars that speak mTLS alone, with SVIDs that are soon renewed, under a control plane of its own. */
export async function startSidecars(): Promise<Part> {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-soak-'))
  writeMesh(dir)
  const mesh = await Mesh.startIn(dir)
  const [caller, app] = [mesh.proxy(CALLER), mesh.proxy(APP)]
  return {
    processes: [
      { name: 'sidecar of the caller', pid: caller.pid },
      { name: 'sidecar of the application', pid: app.pid },
    ],
    callers: [proxied(caller.outbound, URL_OF_APP)],
    change: (turn) => replaceFile(join(dir, 'config/rules.yaml'), rules(turn)),
    async stop() {
      const { body } = await ask(`${app.metrics}/stats/prometheus`)
      const complaints = [CALLER, APP].flatMap((name) => errorsOf(mesh.read(`.mesh/logs/${mesh.workload(name).name}.proxy.log`)))
      const renewed = Number(/^envoy_mesh_svid_update_success (\d+)$/m.exec(body)?.[1] ?? 0)
      if (renewed < 2) complaints.push(`the application's SVID was renewed ${renewed} times`)
      if (!/^istio_requests_total\{.*connection_security_policy="mutual_tls"/m.test(body)) complaints.push('no call came by mTLS')
      if (/^istio_requests_total\{.*connection_security_policy="none"/m.test(body)) complaints.push('calls came in plain text')
      const code = await mesh.stop()
      return code === 0 ? complaints : [...complaints, `the mesh ended with ${code}`]
    },
  }
}
