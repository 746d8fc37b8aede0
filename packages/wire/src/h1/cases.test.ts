import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ReplyParser, RequestParser } from './message-parser.ts'
import { readCases } from './testdata/read-cases.ts'
import { tellEvents } from './testdata/tell-events.ts'

const KINDS = [
  { file: 'requests', make: () => new RequestParser() },
  { file: 'refused-requests', make: () => new RequestParser() },
  { file: 'replies', make: () => new ReplyParser() },
]

for (const { file, make } of KINDS) {
  describe(`cases/${file}.md`, () => {
    for (const { name, bytes, events } of readCases(file)) {
      test(`${name}`, () => {
        expect(tellEvents(make(), bytes)).toEqual(events)
        expect(tellEvents(make(), bytes, [...bytes.keys()].slice(1))).toEqual(events)
        fc.assert(
          fc.property(fc.uniqueArray(fc.nat(Math.max(0, bytes.length - 1)), { maxLength: 6 }), (cuts) => {
            expect(
              tellEvents(
                make(),
                bytes,
                cuts.toSorted((a, b) => a - b),
              ),
            ).toEqual(events)
          }),
          { numRuns: 20 },
        )
      })
    }
  })
}
