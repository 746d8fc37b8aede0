import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'

/** Stands in for a process of the mesh: answers 200 wherever its settings say that it may be asked; an authority writes a root; its findings are `findings.json`, all proxies are in sync, and `not-ready.json` says which proxies are not ready and why. */
const settings = JSON.parse(readFileSync(String(process.argv[process.argv.indexOf('--settings') + 1]), 'utf8'))
const { address, adminAddress, port, monitoringPort, ports, configDirs, registryDirs, rootFile } = settings
if (rootFile !== undefined) writeFileSync(rootFile, 'root')
const servers = [monitoringPort, monitoringPort === undefined ? port : undefined, ...Object.values(ports ?? {})]
  .filter((one) => one !== undefined)
  .map((one) => http.createServer(answer).listen(Number(one), address ?? adminAddress))

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const against = request.url?.endsWith('/ready') === true ? whyNot() : undefined
  if (against !== undefined) return void response.writeHead(503).end(`PRE_INITIALIZING\n${against}`)
  response.end(PAGES[request.url ?? '']?.() ?? 'ok')
}

function whyNot(): string | undefined {
  if (settings.node === undefined || !existsSync('not-ready.json')) return undefined
  return JSON.parse(readFileSync('not-ready.json', 'utf8'))[settings.node.name]
}

const PAGES: Readonly<Record<string, () => string>> = {
  '/debug/findings': () =>
    existsSync(`${configDirs?.[0]}/findings.json`) ? readFileSync(`${configDirs?.[0]}/findings.json`, 'utf8') : '[]',
  '/debug/snapshot': () => '{"hash":"0123456789ab"}',
  '/debug/syncz': () => JSON.stringify(proxies()),
}

/** The proxies that the registry tells of, all in sync. */
function proxies(): readonly unknown[] {
  return readdirSync(registryDirs[0])
    .map((file) => readFileSync(`${registryDirs[0]}/${file}`, 'utf8'))
    .filter((entry) => /tlsMode: istio|mesh.io\/proxy/.test(entry))
    .map((entry) => {
      const [, name, namespace] = /^ {2}name: (.*)\n {2}namespace: (.*)$/m.exec(entry) ?? []
      return { node: { name, namespace }, snapshot: '0123456789ab', types: [{ state: 'SYNCED' }] }
    })
}

process.once('SIGTERM', () => {
  for (const server of servers) server.close()
  for (const server of servers) server.closeAllConnections()
})
