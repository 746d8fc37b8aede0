import fc, { type Arbitrary } from 'fast-check'
import type { Origin } from '@mesh/core/config'
import type { Cidr, HeaderMatch, HeaderOps, QueryMatch, StringMatch } from '@mesh/core/view'

/** A name as Kubernetes has them. */
export const name: Arbitrary<string> = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
/** Printable text, never empty. */
export const text: Arbitrary<string> = fc.string({ minLength: 1, maxLength: 12 })
export const headerName: Arbitrary<string> = fc.stringMatching(/^x-[a-z]{1,6}$/)
export const port: Arbitrary<number> = fc.integer({ min: 1, max: 65_535 })
export const ms: Arbitrary<number> = fc.integer({ min: 1, max: 3_600_000 })
export const partsPerMillion: Arbitrary<number> = fc.integer({ min: 0, max: 1_000_000 })
export const ip: Arbitrary<string> = fc.oneof(fc.ipV4(), fc.constantFrom('::1', '2001:db8::1', 'fe80::1:0:0:1', '1:2:3:4:5:6:7:8'))
const yes = fc.constant(true as const)

export const origin: Arbitrary<Origin> = fc
  .record(
    {
      kind: fc.constantFrom('VirtualService', 'DestinationRule', 'Gateway', 'Service', 'AuthorizationPolicy'),
      namespace: name,
      name,
      file: name.map((base) => `${base}.yaml`),
      line: fc.nat(5000),
      column: fc.nat(200),
      field: fc.constantFrom('spec.http[0]', 'spec.subsets[1].name'),
    },
    { requiredKeys: ['kind', 'namespace', 'name'] },
  )
  .map(plain)

/** Objects as a decoder makes them: with a prototype, keys in any order. */
export function plain<T extends object>(value: T): T {
  return { ...value }
}

const cased = { value: text, ignoreCase: yes }

export const stringMatch: Arbitrary<StringMatch> = fc.oneof(
  ...(['exact', 'prefix', 'suffix', 'contains'] as const).map((kind) =>
    fc.record({ kind: fc.constant(kind), ...cased }, { requiredKeys: ['kind', 'value'] }),
  ),
  fc.record({ kind: fc.constant('regex' as const), value: fc.constantFrom('a+', '[0-9]*', '/x/.*') }),
)

const matched = fc.oneof(stringMatch, fc.constant({ kind: 'present' as const }))

export const headerMatch: Arbitrary<HeaderMatch> = fc.record(
  { name: fc.oneof(headerName, fc.constantFrom(':method', ':authority')), value: matched, invert: yes, absentIsEmpty: yes },
  { requiredKeys: ['name', 'value'] },
)

export const queryMatch: Arbitrary<QueryMatch> = fc.record({ name: text, value: matched })

export const cidr: Arbitrary<Cidr> = fc.record({ address: fc.ipV4(), prefix: fc.integer({ min: 0, max: 32 }) })

const pair: Arbitrary<readonly [string, string]> = fc.tuple(headerName, fc.oneof(text, fc.constantFrom('', '100%', '%START_TIME%', '%%')))

/** Never empty: an absent one and an empty one are the same in Envoy. */
export const headerOps: Arbitrary<HeaderOps> = fc
  .record({ set: list(pair), add: list(pair), remove: list(headerName) })
  .filter(({ set, add, remove }) => set.length + add.length + remove.length > 0)

export function list<T>(item: Arbitrary<T>, minLength = 0): Arbitrary<T[]> {
  return fc.array(item, { minLength, maxLength: minLength + 2 })
}
