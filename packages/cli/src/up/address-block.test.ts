import { afterEach, expect, test } from 'vitest'
import { claimBlock, ownerOf, type ClaimedBlock } from './address-block.ts'

const claimed: ClaimedBlock[] = []

afterEach(() => {
  for (const one of claimed.splice(0)) if (one.kind === 'claimed') one.block.release()
})

const claim = async (owner: string): Promise<ClaimedBlock> => {
  const one = await claimBlock(owner)
  claimed.push(one)
  return one
}

test('two owners have a block each, and whoever asks is told whose it is', async () => {
  const [one, two] = [await claim('/one'), await claim('/two')]
  if (one.kind !== 'claimed' || two.kind !== 'claimed') throw new Error('refused')
  expect(one.block.prefix).not.toBe(two.block.prefix)
  expect([await ownerOf(one.block.prefix), await ownerOf(two.block.prefix)]).toEqual(['/one', '/two'])
})

test('of two that start the same mesh at once one is refused', async () => {
  const both = await Promise.all([claim('/same'), claim('/same')])
  expect(both.map(({ kind }) => kind).sort()).toEqual(['claimed', 'refused'])
})
