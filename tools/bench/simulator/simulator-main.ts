import { TimerWheel } from '../../../packages/io/src/common/timer-wheel.ts'
import { HOSTS, simulatedSidecar } from './plane.ts'

/**
 * CPU µs per request of a sidecar without sockets, as JSON: `node simulator-main.ts ROW REQUESTS`. Of many short batches behind the warm-up the
 * fastest tenth counts: what disturbs a machine only ever adds.
 */
const [row = 'get', wanted = '300000'] = process.argv.slice(2)
const CONNECTIONS = 64
const BATCHES = 100

const encoder = new TextEncoder()
const body = 'x'.repeat(1024)
const REQUESTS: Readonly<Record<string, string>> = {
  get: `GET /bytes/128 HTTP/1.1\r\nHost: ${HOSTS[7]}\r\n\r\n`,
  post: `POST /bytes/128 HTTP/1.1\r\nHost: ${HOSTS[7]}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
}
const request = encoder.encode(REQUESTS[row] ?? '')
const reply = encoder.encode(`HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 128\r\n\r\n${'x'.repeat(128)}`)

const io = await simulatedSidecar(
  new TimerWheel((error) => {
    throw error
  }),
  () => reply,
)
let replies = 0
const clients = Array.from({ length: CONNECTIONS }, () => io.accept(() => void replies++))
const rounds = Math.ceil(Number(wanted) / CONNECTIONS / BATCHES)
const micros: number[] = []
for (let batch = 0; batch < BATCHES; batch++) {
  const before = replies
  const start = process.cpuUsage()
  for (let round = 0; round < rounds; round++) {
    for (const client of clients) client.deliver(request)
    io.run()
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  const { user, system } = process.cpuUsage(start)
  micros.push((user + system) / (replies - before))
}
if (replies !== rounds * CONNECTIONS * BATCHES) throw new Error(`${replies} replies came to ${rounds * CONNECTIONS * BATCHES} requests`)
const warm = micros.slice(BATCHES / 2).toSorted((a, b) => a - b)
process.stdout.write(JSON.stringify({ row, micros: warm[Math.floor(warm.length / 10)] }))
process.exit(0)
