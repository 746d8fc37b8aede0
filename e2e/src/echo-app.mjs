import { existsSync } from 'node:fs'
import http from 'node:http'

/** An application of a test: says who it is, fails its probe while `sick-NAME` is there, ends when it is told to. */
const name = process.env.WORKLOAD_NAME
const server = http.createServer((request, response) => {
  if (request.url === '/healthz') return response.writeHead(existsSync(`sick-${name}`) ? 503 : 200).end()
  if (request.url === '/die') return process.exit(3)
  const answer = () => response.end(`${name} ${request.method} ${process.pid}${process.env.PAINT ?? ''}`)
  request.resume().once('end', () => setTimeout(answer, request.url === '/slow' ? 1500 : 10))
})

if (existsSync('broken')) throw new Error('it is broken')
server.keepAliveTimeout = 60_000
server.listen(process.env.PORT, process.env.HOST, () => console.log(`${name} listens`))
process.on('SIGUSR2', () => console.log(`${name} got SIGUSR2`))
process.once('SIGTERM', () => {
  console.log(`${name} got SIGTERM`)
  server.close()
  server.closeIdleConnections()
})
