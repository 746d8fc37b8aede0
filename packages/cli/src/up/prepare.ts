import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import type { Attempt } from './attempt.ts'
import { makeFolders, removeFolders, writeWhole } from './files.ts'
import { TOKEN_REFRESH_MS } from './limits.ts'
import { JWKS_FILE, ROOT_FILE, SCRAPE_FILE, type Plan } from './plan.ts'
import { accountsOf, scrapeTargets, settingsOf } from './process-settings.ts'
import { telemetryEntry, workloadEntry } from './registry.ts'
import { createTokenIssuer } from './token-issuer.ts'

/** Writes all that the processes of a plan read when they start; what an earlier run wrote is replaced. Its CA and last views stay. */
export function writeRunFolder(plan: Plan): void {
  const { root, settings, registry, tokens, state, logs } = plan.folders
  removeFolders(settings, registry, tokens, logs, join(root, ROOT_FILE))
  makeFolders(root, settings, registry, tokens, state, logs)
  // Also one that was there: what others may write to is no mesh for any other meshctl.
  chmodSync(root, 0o700)
  writeWhole(join(root, '.gitignore'), '*\n')
  for (const [name, value] of settingsOf(plan)) writeWhole(join(settings, `${name}.json`), jsonText(value))
  writeScrapeFile(plan)
  for (const workload of plan.workloads) writeWhole(join(registry, `${workload.name}.yaml`), workloadEntry(workload, true))
  if (plan.telemetry !== null) writeWhole(join(registry, 'telemetry-0.yaml'), telemetryEntry(plan.telemetry))
}

/** Tokens of all workloads, new ones long before they expire. */
export interface Tokens {
  /** Writes new ones for all who are planned now. */
  renew(): void
  stop(): void
}

/** Issues the tokens of a plan that may be exchanged while the mesh runs. */
export function issueTokens(of: { readonly plan: Plan }, attempt: Attempt): Tokens {
  const issuer = createTokenIssuer()
  writeWhole(join(of.plan.folders.root, JWKS_FILE), issuer.jwks)
  const renew = (): void => {
    const { tokens } = of.plan.folders
    for (const [name, account] of accountsOf(of.plan)) writeWhole(join(tokens, `${name}.jwt`), issuer.issue(account, Date.now()))
  }
  renew()
  const timer = setInterval(() => attempt('Tokens cannot be renewed', renew), TOKEN_REFRESH_MS).unref()
  return { renew, stop: () => clearInterval(timer) }
}

/** Writes what the processes of a replica read that is planned while the mesh runs. */
export function writeReplicaFiles(plan: Plan, name: string): void {
  const settings = settingsOf(plan).get(name)
  if (settings !== undefined) writeWhole(join(plan.folders.settings, `${name}.json`), jsonText(settings))
  writeScrapeFile(plan)
}

/** Removes what was written for a replica that is no more, but for its logs. */
export function removeReplicaFiles(plan: Plan, name: string): void {
  const { settings, registry, tokens, state } = plan.folders
  removeFolders(join(registry, `${name}.yaml`), join(settings, `${name}.json`), join(tokens, `${name}.jwt`), join(state, name))
  writeScrapeFile(plan)
}

/** Whose metrics telemetry reads. */
function writeScrapeFile(plan: Plan): void {
  if (plan.telemetry !== null) writeWhole(join(plan.folders.root, SCRAPE_FILE), jsonText(scrapeTargets(plan)))
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
