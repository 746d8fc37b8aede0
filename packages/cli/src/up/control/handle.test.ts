import { expect, test } from 'vitest'
import { PaperFleet } from '../fleet/testdata/paper-fleet.ts'
import { meshFileSchema } from '../mesh-file.ts'
import { controlHandler, type HandlerOptions } from './handle.ts'

const mesh = meshFileSchema.parse({ name: 'm', config: 'c', processes: { web: { command: 'web', port: 80 } } })

/** A handler over a fleet on paper; `state` is what its supervisor says. */
function paper() {
  const fleet = new PaperFleet('web', 1)
  const stop = new AbortController()
  const supervisor = { state: 'ready' }
  const options = {
    fleet,
    supervisor,
    signal: stop.signal,
    launch: {
      get plan() {
        return { ca: null, telemetry: null, workloads: fleet.replicasOf('web') }
      },
    },
    known: { mesh, reread: () => ({ kind: 'opened', mesh, dir: '/' }) },
    stop: async () => stop.abort(),
  }
  return { fleet, stop, supervisor, handle: controlHandler(options as unknown as HandlerOptions) }
}

const say = (): void => undefined

test('what waits for its turn when the mesh begins to stop is not done', async () => {
  const { fleet, stop, supervisor, handle } = paper()
  fleet.onAdd = () => {
    supervisor.state = 'stopping'
    stop.abort()
  }
  const [first, second] = await Promise.all([
    handle({ do: 'scale', name: 'web', replicas: 2 }, say),
    handle({ do: 'scale', name: 'web', replicas: 5 }, say),
  ])
  expect(first).toEqual({ kind: 'refused', reason: 'The mesh stops. web has 2 replicas.' })
  expect(second).toEqual({ kind: 'refused', reason: 'The mesh is stopping: wait until it is ready.' })
  expect(fleet.done.filter((one) => one.startsWith('add'))).toEqual(['add web-1'])
})

test('a process that mesh.yaml does not name is none, whatever it is called', async () => {
  const { handle } = paper()
  expect(await handle({ do: 'scale', name: 'constructor', replicas: 2 }, say)).toEqual({
    kind: 'refused',
    reason: 'There is no workload "constructor" in this mesh. It has web.',
  })
})
