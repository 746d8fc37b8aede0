import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'

/** Stands in for a process of the mesh: answers 200 wherever its settings say that it may be asked; its findings are `findings.json`. */
const settings = JSON.parse(readFileSync(String(process.argv[process.argv.indexOf('--settings') + 1]), 'utf8'))
const { address, adminAddress, port, monitoringPort, ports, configDirs } = settings
const servers = [monitoringPort, monitoringPort === undefined ? port : undefined, ...Object.values(ports ?? {})]
  .filter((one) => one !== undefined)
  .map((one) => http.createServer(answer).listen(Number(one), address ?? adminAddress))

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  response.end(request.url === '/debug/findings' ? findings() : 'ok')
}

function findings(): string {
  const file = `${configDirs?.[0]}/findings.json`
  return existsSync(file) ? readFileSync(file, 'utf8') : '[]'
}

process.once('SIGTERM', () => {
  for (const server of servers) server.close()
  for (const server of servers) server.closeAllConnections()
})
