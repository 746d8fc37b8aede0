import net from 'node:net'
import { createInterface } from 'node:readline'
import { CommandFailure, EXIT } from '../../output/exit-code.ts'
import { MAX_SILENCE_MS } from './limits.ts'
import type { ControlAnswer, ControlRequest } from './protocol.ts'

/** Asks the supervisor of a running mesh; `onSaid` hears what is going on meanwhile. Fails with its reason, or when nobody is there. */
export async function askSupervisor(path: string, request: ControlRequest, onSaid: (line: string) => void = () => {}): Promise<unknown> {
  for await (const answer of answers(await connect(path), request)) {
    if (answer.kind === 'said') onSaid(answer.line)
    else if (answer.kind === 'done') return answer.value
    else throw new CommandFailure(EXIT.negative, answer.reason)
  }
  throw new CommandFailure(
    EXIT.unreachable,
    'The supervisor ended or went silent before it had answered; see the terminal in which `meshctl up` runs.',
  )
}

async function* answers(socket: net.Socket, request: ControlRequest): AsyncGenerator<ControlAnswer> {
  socket.on('error', () => socket.destroy())
  socket.setTimeout(MAX_SILENCE_MS, () => socket.destroy())
  socket.write(`${JSON.stringify(request)}\n`)
  try {
    for await (const line of createInterface({ input: socket })) yield JSON.parse(line) as ControlAnswer
  } finally {
    socket.destroy()
  }
}

function connect(path: string): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path)
    const fail = ({ code, message }: NodeJS.ErrnoException): void =>
      reject(new CommandFailure(EXIT.unreachable, `The supervisor does not answer at ${path}: ${WHY[code ?? ''] ?? message}.`))
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.off('error', fail)
      resolve(socket)
    })
  })
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'it has ended',
  ECONNREFUSED: 'it was killed; `meshctl up` or `meshctl down` cleans up what it left',
  EACCES: 'the mesh belongs to another user',
}
