import fc from 'fast-check'
import type { JsonObject, MessageInitShape } from '../protobuf/index.ts'
import { Color, type EverythingSchema } from './everything.ts'

const jsonValue = fc.letrec<{ value: JsonObject[string] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 3 }),
  ),
})).value

type Init = MessageInitShape<typeof EverythingSchema>

/** What `create` takes, two messages deep, without an envelope: that is judged apart. */
export const everythings: fc.Arbitrary<Init> = within(within(fc.constant({})))

function within(child: fc.Arbitrary<Init>): fc.Arbitrary<Init> {
  return fc.record(fieldsOf(child), { requiredKeys: [] })
}

function fieldsOf(child: fc.Arbitrary<Init>) {
  const text = fc.string({ unit: 'binary' })
  const uint32 = fc.nat(0xffff_ffff)
  const color = fc.oneof(fc.constantFrom(...Object.values(Color)), fc.integer())
  const facts = fc.dictionary(text, jsonValue, { maxKeys: 3 })
  const few = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 3 })
  return {
    text,
    flag: fc.boolean(),
    count: uint32,
    small: fc.integer(),
    large: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    ratio: fc.double(),
    raw: fc.uint8Array(),
    color,
    child,
    texts: few(text),
    counts: few(uint32),
    colors: few(color),
    children: few(child),
    labels: fc.dictionary(text, text, { maxKeys: 3 }),
    named: fc.dictionary(text, child, { maxKeys: 2 }),
    choice: fc.oneof(
      fc.record({ case: fc.constant('pickedText' as const), value: text }),
      fc.record({ case: fc.constant('pickedChild' as const), value: child }),
      fc.record({ case: fc.constant('pickedFlag' as const), value: fc.boolean() }),
      fc.constant({ case: undefined }),
    ),
    maybe: fc.boolean(),
    limit: uint32,
    facts,
    factsOf: fc.dictionary(text, facts, { maxKeys: 2 }),
    lasts: fc.record({ seconds: fc.bigInt({ min: 0n, max: 315_576_000_000n }), nanos: fc.nat(999_999_999) }),
    far: text,
  }
}
