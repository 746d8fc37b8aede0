import { rmSync } from 'node:fs'
import net from 'node:net'
import { dirname } from 'node:path'
import { CLOSE_GRACE_MS, MAX_CONTROL_CONNECTIONS, MAX_REQUEST_BYTES, REQUEST_TIMEOUT_MS } from './limits.ts'
import { controlRequest, type ControlAnswer, type ControlOutcome, type ControlRequest } from './protocol.ts'

export interface ControlServer {
  readonly path: string
  /** Answers under way may end; then the socket is gone. */
  close(): Promise<void>
}

/** Does what a request says; `say` tells its asker what is going on. */
export type ControlHandler = (request: ControlRequest, say: (line: string) => void) => Promise<ControlOutcome>

export interface ControlOptions {
  readonly path: string
  /** Folder of the mesh: what lies elsewhere is removed at the end, with its folder. */
  readonly root: string
  readonly handle: ControlHandler
}

/** Listens for requests of this user's other terminals; rejects when the socket cannot be had. */
export async function startControl(options: ControlOptions): Promise<ControlServer> {
  const { path, root } = options
  const answering = new Set<Promise<void>>()
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    const answered = serve(socket, options.handle).finally(() => {
      sockets.delete(socket)
      answering.delete(answered)
    })
    answering.add(answered)
  })
  server.maxConnections = MAX_CONTROL_CONNECTIONS
  // A killed supervisor leaves its socket; nobody listens there, for this one holds the folder's claim.
  rmSync(path, { force: true })
  await listen(server, path)
  return {
    path,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      const patience = setTimeout(() => sockets.forEach((socket) => socket.destroy()), CLOSE_GRACE_MS)
      await Promise.all([closed, ...answering])
      clearTimeout(patience)
      if (dirname(path) !== root) rmSync(dirname(path), { recursive: true, force: true })
    },
  }
}

/** One request and its answers; never rejects. */
async function serve(socket: net.Socket, handle: ControlHandler): Promise<void> {
  socket.on('error', () => socket.destroy())
  const answer = (one: ControlAnswer): void => {
    if (socket.writable) socket.write(`${JSON.stringify(one)}\n`)
  }
  const line = await requestLine(socket)
  if (line !== undefined) {
    const request = parse(line)
    answer(typeof request === 'string' ? { kind: 'refused', reason: request } : await outcomeOf(request, handle, answer))
  }
  await ended(socket)
}

/** Sends what is written and closes; an asker that does not go is left. */
function ended(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve()
    socket.once('close', () => resolve())
    socket.setTimeout(CLOSE_GRACE_MS, () => socket.destroy())
    socket.resume().end()
  })
}

async function outcomeOf(request: ControlRequest, handle: ControlHandler, answer: (one: ControlAnswer) => void): Promise<ControlOutcome> {
  try {
    return await handle(request, (line) => answer({ kind: 'said', line }))
  } catch (error) {
    return { kind: 'refused', reason: `This failed unexpectedly: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** The request, or a sentence about what is wrong with it. */
function parse(line: string): ControlRequest | string {
  try {
    const read = controlRequest.safeParse(JSON.parse(line))
    return read.success ? read.data : 'This supervisor does not know that request: meshctl is of another version.'
  } catch {
    return 'The request is no JSON.'
  }
}

/** Undefined when no whole line comes in time and within its bound. */
function requestLine(socket: net.Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const timer = setTimeout(() => done(undefined), REQUEST_TIMEOUT_MS)
    const done = (line: string | undefined): void => {
      clearTimeout(timer)
      socket.off('data', onData)
      if (line === undefined) socket.destroy()
      resolve(line)
    }
    const onData = (piece: string): void => {
      text += piece
      const end = text.indexOf('\n')
      if (end >= 0) done(text.slice(0, end))
      else if (text.length > MAX_REQUEST_BYTES) done(undefined)
    }
    socket.setEncoding('utf8').on('data', onData)
    socket.once('end', () => done(undefined))
    socket.once('close', () => done(undefined))
  })
}

function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      server.on('error', () => {})
      resolve()
    })
  })
}
