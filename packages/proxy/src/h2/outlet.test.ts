import { expect, test } from 'vitest'
import { Outlet, type OutletOwner } from './outlet.ts'

/** An owner that keeps what left, and what failed. */
class Owner implements OutletOwner {
  readonly left: string[] = []
  readonly faults: unknown[] = []
  broken = false

  send(written: Uint8Array): void {
    if (this.broken) throw new Error('no')
    this.left.push(Buffer.from(written).toString('latin1'))
  }

  onFault(error: unknown): void {
    this.faults.push(error)
  }
}

function outlet(): { readonly owner: Owner; readonly outlet: Outlet } {
  const owner = new Owner()
  return { owner, outlet: new Outlet(owner) }
}

/** Whatever runs now is done with. */
const done = (): Promise<void> => Promise.resolve()

test('what is written for several connections in one go leaves in one write for each', async () => {
  const [a, b] = [outlet(), outlet()]
  for (const text of ['one ', 'two ']) {
    a.outlet.output.text(text)
    b.outlet.output.text(text)
  }
  expect([a.owner.left, b.owner.left]).toEqual([[], []])
  await done()
  expect([a.owner.left, b.owner.left]).toEqual([['one two '], ['one two ']])
  a.outlet.output.text('three')
  await done()
  expect(a.owner.left).toEqual(['one two ', 'three'])
})

test('what must be gone leaves at once, and many bytes do not wait for more', async () => {
  const { owner, outlet: way } = outlet()
  way.output.text('goodbye')
  way.flush()
  expect(owner.left).toEqual(['goodbye'])
  const frame = new Uint8Array(4_096)
  for (let frames = 0; frames < 5; frames++) way.output.copy(frame)
  expect(owner.left.map(({ length }) => length)).toEqual([7, 4 * 4_096])
  expect(way.bytes).toBe(4_096)
  await done()
  expect(owner.left.map(({ length }) => length)).toEqual([7, 4 * 4_096, 4_096])
})

test('a connection that fails to send hurts itself only, and its bytes leave with nobody else', async () => {
  const [bad, good] = [outlet(), outlet()]
  bad.owner.broken = true
  bad.outlet.output.text('secret')
  good.outlet.output.text('own words')
  await done()
  expect(bad.owner.faults).toHaveLength(1)
  expect(good.owner.left).toEqual(['own words'])
  const next = outlet()
  next.outlet.output.text('fresh')
  await done()
  expect(next.owner.left).toEqual(['fresh'])
})

test('what was written for a connection that is gone is forgotten', async () => {
  const { owner, outlet: way } = outlet()
  way.output.text('too late')
  way.forget()
  await done()
  expect(owner.left).toEqual([])
})
