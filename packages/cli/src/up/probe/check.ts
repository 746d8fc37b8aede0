import net from 'node:net'
import type { Probe } from './probe.ts'

/** Where an application listens. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** Asks an application once; answers why it does not pass, undefined when it does. */
export function check(probe: Probe, at: Place): Promise<string | undefined> {
  const { httpGet, tcpSocket } = probe
  const place = { host: at.host, port: httpGet?.port ?? tcpSocket?.port ?? at.port }
  return httpGet === undefined ? checkTcp(probe, place) : checkHttp(probe, httpGet, place)
}

function checkHttp(
  { timeoutSeconds }: Probe,
  { path, httpHeaders }: NonNullable<Probe['httpGet']>,
  at: Place,
): Promise<string | undefined> {
  const headers = Object.fromEntries([
    ['user-agent', 'meshctl-probe'],
    ['connection', 'close'],
    ...httpHeaders.map(({ name, value }) => [name, value]),
  ])
  // Node throws at once at a path or a header that it does not send: that is an answer too.
  const answered = new Promise<number>((resolve, reject) => {
    // Not by import: that loads undici as well.
    const request = process.getBuiltinModule('node:http').request({ ...at, path, headers, agent: false })
    const timer = setTimeout(() => request.destroy(new Error(`no answer in ${timeoutSeconds} s`)), timeoutSeconds * 1000)
    request.once('close', () => {
      clearTimeout(timer)
      // Also an answer that changes the protocol, which Node closes without a word.
      reject(new Error('the connection ended'))
    })
    request.on('error', reject)
    request.once('response', ({ statusCode = 0 }) => {
      request.destroy()
      resolve(statusCode)
    })
    request.end()
  })
  return answered.then(
    (status) => (status >= 200 && status < 400 ? undefined : `GET ${path} answers ${status}`),
    (error: Error) => `GET ${path}: ${reasonOf(error)}`,
  )
}

function checkTcp({ timeoutSeconds }: Probe, at: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ ...at })
    const timer = setTimeout(() => socket.destroy(new Error(`no connection in ${timeoutSeconds} s`)), timeoutSeconds * 1000)
    socket.once('close', () => clearTimeout(timer))
    socket.once('error', (error) => resolve(`port ${at.port}: ${reasonOf(error)}`))
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
  })
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code === 'ECONNREFUSED' ? 'nobody listens' : error.message
}
