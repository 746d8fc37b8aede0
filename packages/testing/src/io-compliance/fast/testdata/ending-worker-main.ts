import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { ConnHandler } from '@mesh/io'
import { fastIo, type Binding } from '@mesh/io/fast'

/** A process whose worker listens with the fast plug, answers once, and then ends. Arguments: how, and by what C is called. */
const onFault = (error: unknown): never => {
  throw error
}

async function serve(end: string, binding: Binding): Promise<void> {
  const io = fastIo({ onFault, inWorker: true, binding })
  const { port } = await io.listen({
    address: '127.0.0.1',
    port: 0,
    maxConnections: 1,
    onConn: (conn) => {
      conn.write(Buffer.from('hello'))
      setImmediate(() => ENDS[end]?.())
      return { onData: () => undefined, onEnd: () => undefined, onClose: () => undefined }
    },
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(port)
}

const ENDS: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(0),
  throw: () => {
    throw new Error('thrown by the worker')
  },
}

function main(end: string, binding: Binding): void {
  const io = fastIo({ onFault, binding })
  const said: string[] = []
  const to = (port: number, handler: ConnHandler): void => void io.connect({ address: '127.0.0.1', port, timeoutMs: 5_000, handler })
  const nobody: ConnHandler = {
    onData: () => undefined,
    onEnd: () => undefined,
    onClose: (_conn, error) => void said.push(`then ${error?.code ?? 'open'}`),
  }
  const worker = new Worker(new URL(import.meta.url), { workerData: { end, binding } })
  worker.on('error', (error) => said.push(error instanceof Error ? error.message : String(error)))
  worker.on('exit', (code) => said.push(`ended with ${code}`))
  worker.on('message', (port: number) =>
    to(port, {
      onData: (_conn, lent) => void said.push(Buffer.from(lent).toString()),
      onEnd: (conn) => conn.close(),
      onClose: () => to(port, nobody),
    }),
  )
  process.on('exit', () => process.stdout.write(said.toSorted().join(', ')))
}

const { end, binding } = (isMainThread ? { end: process.argv[2], binding: process.argv[3] } : workerData) as {
  end: string
  binding: Binding
}
if (isMainThread) main(end, binding)
else await serve(end, binding)
