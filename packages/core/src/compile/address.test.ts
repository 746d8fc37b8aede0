import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCidr } from '../config/fields/host.ts'
import { compileCidr } from '../engine/match/ip.ts'
import { parseCidr } from './address.ts'

const group = fc.constantFrom('0', '1', '01', '010', '10', '255', '256', 'ffff', '::', ':', '.', '/', '8', '32', '128', '%')
const written = fc.oneof(
  fc.array(group, { maxLength: 9 }).map((parts) => parts.join('')),
  fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), fc.nat(140)).map(([address, bits]) => `${address}/${bits}`),
)

test('a block that configuration takes is one that the engine understands', () => {
  fc.assert(
    fc.property(written, (text) => {
      const cidr = parseCidr(text)
      expect([text, cidr !== undefined && compileCidr(cidr) !== undefined]).toEqual([text, isCidr(text)])
    }),
    { numRuns: 3_000 },
  )
})
