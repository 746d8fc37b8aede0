import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { requestText } from './exchange.ts'
import type { CertFiles } from '../pki.ts'

/** What `node handshake-main.ts JOB` is to do; JOB is JSON. */
export interface HandshakeJob {
  readonly port: number
  readonly host: string
  readonly seconds: number
  readonly connections: number
  readonly tls: CertFiles
}

const job = JSON.parse(process.argv[2] ?? '') as HandshakeJob
const [cert, key, ca] = [job.tls.cert, job.tls.key, job.tls.root].map((file) => readFileSync(file, 'utf8'))
const request = requestText(0, 128, job.host).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
const startMs = performance.now()
const endMs = startMs + job.seconds * 1000
let [requests, errors] = [0, 0]

/** A new connection after the one before: nothing is resumed, and a reply proves that the server took our certificate. */
async function visitor(): Promise<void> {
  while (performance.now() < endMs) {
    if (await visit()) requests++
    else errors++
  }
}

function visit(): Promise<boolean> {
  return new Promise((resolve) => {
    let text = ''
    // The server's name is a URI, which Node does not compare; the chain is verified. One group, so that all servers agree on the same.
    const names = { servername: job.host, checkServerIdentity: () => undefined }
    const how = { minVersion: 'TLSv1.3', ecdhCurve: 'X25519', ALPNProtocols: ['istio-http/1.1', 'istio', 'http/1.1'] } as const
    const socket = connect({ port: job.port, host: '127.0.0.1', cert, key, ca, ...names, ...how }, () => socket.write(request))
    socket.setEncoding('latin1').on('data', (piece) => (text += String(piece)))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text.startsWith('HTTP/1.1 200')))
  })
}

await Promise.all(Array.from({ length: job.connections }, visitor))
console.log(JSON.stringify({ requests, errors, seconds: (performance.now() - startMs) / 1000 }))
