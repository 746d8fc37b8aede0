import { join } from 'node:path'
import { makeFolders, removeFolders, writeWhole } from './files.ts'
import { TOKEN_REFRESH_MS } from './limits.ts'
import { JWKS_FILE, ROOT_FILE, type Plan } from './plan.ts'
import { accountsOf, settingsOf } from './process-settings.ts'
import { telemetryEntry, workloadEntry } from './registry.ts'
import { createTokenIssuer } from './token-issuer.ts'

/** Writes all that the processes of a plan read when they start; what an earlier run wrote is replaced. Its CA and last views stay. */
export function writeRunFolder(plan: Plan): void {
  const { root, settings, registry, tokens, state, logs } = plan.folders
  removeFolders(settings, registry, tokens, logs, join(root, ROOT_FILE))
  makeFolders(root, settings, registry, tokens, state, logs)
  for (const [name, value] of settingsOf(plan)) writeWhole(join(settings, `${name}.json`), `${JSON.stringify(value, undefined, 2)}\n`)
  for (const workload of plan.workloads) writeWhole(join(registry, `${workload.name}.yaml`), workloadEntry(workload, true))
  if (plan.telemetry !== null) writeWhole(join(registry, 'telemetry-0.yaml'), telemetryEntry(plan.telemetry))
}

/** Issues the tokens of all workloads, and new ones long before they expire, until the returned function is called. */
export function issueTokens(plan: Plan): () => void {
  const issuer = createTokenIssuer()
  writeWhole(join(plan.folders.root, JWKS_FILE), issuer.jwks)
  const write = (): void => {
    for (const [name, account] of accountsOf(plan)) writeWhole(join(plan.folders.tokens, `${name}.jwt`), issuer.issue(account, Date.now()))
  }
  write()
  const timer = setInterval(write, TOKEN_REFRESH_MS).unref()
  return () => clearInterval(timer)
}
