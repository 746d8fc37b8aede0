import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { hottestStack, stackOf } from './stack-of.ts'

const node = (id: number, functionName: string, children: readonly number[], url = '') => ({
  id,
  callFrame: { functionName, url, lineNumber: 11 },
  children,
})

test('the stack in which a thread is most of the time is told, innermost first', () => {
  const nodes = [node(1, '(root)', [2, 4]), node(2, 'serve', [3], 'file:///a/b/serve.ts'), node(3, '', []), node(4, '(program)', [])]
  expect(hottestStack({ nodes, samples: [4, 4, 4, 3, 3, 2] })).toBe('a function without name, from serve (serve.ts:12)')
  expect(hottestStack({ nodes, samples: [4, 1] })).toBeUndefined()
})

test('a thread that never comes to its loop again tells where it is', async () => {
  const worker = new Worker('require("node:worker_threads").parentPort.postMessage(0); (function stand() { for (;;); })()', { eval: true })
  await once(worker, 'message')
  // Which function of the file V8 names depends on how far it has compiled them.
  expect(await stackOf(worker)).toMatch(/^(stand|a function without name) \(\[worker eval\]:\d+\)/)
  await worker.terminate()
})
