import { connect, type Socket } from 'node:net'
import { ASKED, type Bed } from './bed.ts'
import { residentMb } from './cpu-time.ts'
import { awaitReply } from './loads/await-reply.ts'
import { requestText, type Exchanged } from './loads/exchange.ts'
import type { Peer } from './peers/peer.ts'
import type { Sample } from './sample.ts'
import type { Work } from './work.ts'

const GET: Exchanged = { kind: 'http', bodyBytes: 0, replyBytes: 128, connections: 1 }
const REQUEST = requestText(GET.bodyBytes, GET.replyBytes, ASKED)
/** Requests on one connection before memory is read, so that what is compiled is there. */
const WARM_UP_REQUESTS = 3000
const SETTLE_MS = 500

/** Starts a peer anew, its configuration on disk: the time to its first answer, then what idle connections take. */
export async function measureFresh(work: Work, peer: Peer, bed: Bed): Promise<Sample> {
  const connections = work.load.kind === 'fresh' ? work.load.connections : 0
  const running = await bed.start(peer)
  const sockets: Socket[] = []
  try {
    await awaitReply(GET, { port: running.port, host: ASKED, seconds: 0, dir: bed.dir, tls: undefined }, peer.name)
    const startMs = performance.now() - (running.startedMs ?? Number.NaN)
    const memory = (): number => running.pids.reduce((sum, pid) => sum + residentMb(pid), 0)
    const first = await open(running.port)
    sockets.push(first)
    for (let count = 0; count < WARM_UP_REQUESTS; count++) await ask(first)
    await settle()
    const before = memory()
    for (let count = 0; count < connections; count++) {
      const socket = await open(running.port)
      sockets.push(socket)
      await ask(socket)
    }
    await settle()
    const rssMb = memory()
    return { work: work.name, variant: peer.name, errors: 0, startMs, rssMb, kibPerConnection: ((rssMb - before) * 1024) / connections }
  } finally {
    for (const socket of sockets) socket.destroy()
    await running.stop()
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** A reply of 128 bytes comes in one piece. */
function ask(socket: Socket): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error('an idle connection was closed'))
    socket.once('close', onClose)
    socket.once('data', (reply) => {
      socket.off('close', onClose)
      resolve(reply)
    })
    socket.write(REQUEST)
  })
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
}
