/** One library has one owner: the folder, of a package or within one, that may use it. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  zod: ['packages/core'],
  yaml: ['packages/core', 'packages/cli'],
  re2js: ['packages/core'],
  '@grpc/grpc-js': ['packages/rpc'],
  '@peculiar/x509': ['packages/x509'],
  'reflect-metadata': ['packages/x509'],
  koffi: ['packages/io/src/fast/native'],
  pino: ['packages/telemetry'],
  jose: ['packages/ca'],
  commander: ['packages/cli'],
  '@bomb.sh/tab': ['packages/cli'],
  vitest: ['packages/testing'],
  undici: ['packages/core/src/adapters'],
}

/** Servers and clients that must not carry the mesh's traffic: it runs on wire and the io port. */
export const FORBIDDEN_ON_DATA_PATH: ReadonlySet<string> = new Set([
  'node:http',
  'node:https',
  'node:http2',
  'node:net',
  'node:tls',
  'undici',
])

/** Where bytes of requests pass. Beside it the proxy has an admin interface and sends spans, by node:http. */
export function isDataPath(file: string): boolean {
  if (file.startsWith('packages/wire/')) return true
  if (file.startsWith('packages/io/')) return !/^packages\/io\/src\/(?:common|fast|portable)\//.test(file)
  return file.startsWith('packages/proxy/') && !PROXY_SIDE_DOORS.some((door) => file.startsWith(`packages/proxy/src/${door}`))
}

const PROXY_SIDE_DOORS: readonly string[] = ['admin/', 'observe/']

/** Whether a package, or one of its files, may use a library that is not of this workspace. */
export function mayUse(of: { readonly library: string; readonly folder: string; readonly file?: string }): boolean {
  const owners = OWNERS[of.library] ?? []
  return owners.some((owner) => (of.file === undefined ? `${owner}/`.startsWith(`${of.folder}/`) : of.file.startsWith(`${owner}/`)))
}
