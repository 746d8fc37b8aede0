import { expect, test } from 'vitest'
import { Outbox, type Sender } from './outbox.ts'

/** A sender that keeps what left. */
function sender(name: string, left: string[], onSend: () => void = () => undefined): Sender {
  return {
    send(written) {
      onSend()
      left.push(`${name}:${Buffer.from(written).toString('latin1')}`)
    },
  }
}

test('whoever begins another message sends the one before on its way', () => {
  const left: string[] = []
  const outbox = new Outbox()
  const [a, b] = [sender('a', left), sender('b', left)]
  outbox.for(a).text('one ')
  outbox.for(a).text('message')
  outbox.for(b).text('another')
  expect(left).toEqual(['a:one message'])
  outbox.flush()
  outbox.flush()
  expect(left).toEqual(['a:one message', 'b:another'])
})

test('a message that fails to leave does not leave with the next one', () => {
  const left: string[] = []
  const outbox = new Outbox()
  const broken = sender('broken', left, () => {
    throw new Error('no')
  })
  outbox.for(broken).text('secret')
  expect(() => outbox.flush()).toThrow('no')
  outbox.for(sender('next', left)).text('own words')
  outbox.flush()
  expect(left).toEqual(['next:own words'])
})

test('the area that a large message needed is given back', () => {
  const left: string[] = []
  const outbox = new Outbox()
  const large = sender('large', left)
  outbox.for(large).copy(new Uint8Array(8 * 1024 * 1024))
  outbox.flush()
  expect(left[0]).toHaveLength('large:'.length + 8 * 1024 * 1024)
  expect(outbox.for(large).bytes.length).toBeLessThan(1024 * 1024)
})
