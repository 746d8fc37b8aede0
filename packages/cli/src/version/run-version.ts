import { readFileSync } from 'node:fs'
import { askJson } from '../mesh/ask.ts'
import { lookForMesh, pilotUrl } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { safeLines } from '../output/terminal-safe.ts'

export interface VersionOptions {
  readonly pilot: string | undefined
  readonly output: Format
}

interface Versions {
  readonly client: string
  readonly controlPlane?: string
  readonly proxies?: Readonly<Record<string, string>>
}

/** `meshctl version`: this program's version, and those of the mesh that runs here, if one does. */
export async function runVersion(options: VersionOptions): Promise<ExitCode> {
  const found = options.pilot === undefined ? lookForMesh(process.cwd()) : undefined
  const pilot = found?.run.pilot.monitoring ?? (options.pilot === undefined ? undefined : pilotUrl(process.cwd(), options.pilot))
  const controlPlane = pilot === undefined ? undefined : await versionAt(`${pilot}/version`, options.pilot !== undefined)
  const proxies = await Promise.all(
    (found?.run.workloads ?? []).flatMap((one) =>
      one.proxy === null ? [] : [proxyVersion(`${one.name}.${one.namespace}`, one.proxy.admin)],
    ),
  )
  const known = proxies.filter((entry) => entry[1] !== undefined)
  const versions: Versions = {
    client: clientVersion(),
    ...(controlPlane === undefined ? {} : { controlPlane }),
    ...(known.length === 0 ? {} : { proxies: Object.fromEntries(known) as Record<string, string> }),
  }
  await printValue(options.output, versions, () => safeLines(lines(versions)))
  return EXIT.ok
}

function lines(versions: Versions): readonly string[] {
  const counts = new Map<string, number>()
  for (const version of Object.values(versions.proxies ?? {})) counts.set(version, (counts.get(version) ?? 0) + 1)
  const proxies = [...counts].map(([version, count]) => `${version} (${count} ${count === 1 ? 'proxy' : 'proxies'})`)
  return [
    `client version: ${versions.client}`,
    `control plane version: ${versions.controlPlane ?? 'none found'}`,
    `data plane version: ${proxies.length === 0 ? 'none found' : proxies.join(', ')}`,
  ]
}

async function proxyVersion(name: string, admin: string): Promise<readonly [string, string | undefined]> {
  return [name, await versionAt(`${admin}/server_info`, false)]
}

async function versionAt(url: string, must: boolean): Promise<string | undefined> {
  try {
    const answer = (await askJson(url, 'The mesh')) as { readonly version?: unknown } | null
    return typeof answer?.version === 'string' ? answer.version : undefined
  } catch (error) {
    if (error instanceof CommandFailure && (!must || error.code === EXIT.negative)) return undefined
    throw error
  }
}

function clientVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
  return manifest.version
}
