import type { IncomingMessage, ServerResponse } from 'node:http'
import type { View } from '@mesh/core/view'
import { afterEach, expect } from 'vitest'
import { startPlane, type PlaneOptions, type TestPlane } from './plane.ts'
import { httpUpstream, tcpUpstream, type Upstream } from './upstream.ts'

/** What a test opened; closed behind it, newest first. */
export const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** A data plane that must end without a fault. */
export async function plane(view: View, options?: PlaneOptions): Promise<TestPlane> {
  const made = await startPlane(view, options)
  open.push({
    close() {
      made.close()
      expect(made.faults).toEqual([])
    },
  })
  return made
}

export async function upstream(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Upstream> {
  const made = await httpUpstream(answer)
  open.push(made)
  return made
}

export async function rawUpstream(onSocket: Parameters<typeof tcpUpstream>[0]): Promise<Upstream> {
  const made = await tcpUpstream(onSocket)
  open.push(made)
  return made
}
