import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { Automaton, type Meter } from './automaton.ts'
import { compileProgram } from './program.ts'
import { regexFault } from './regex-fault.ts'
import { expression } from './testdata/expression.ts'

const PLENTY = 1e9

/** Answers and the steps they took. */
function ask(automaton: Automaton, text: string): { readonly answer: boolean; readonly steps: number } {
  const meter: Meter = { steps: PLENTY }
  const answer = automaton.matches(text, meter)
  return { answer, steps: PLENTY - meter.steps }
}

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', '0', '-', '/', '.', '\n', ' ', '\u00e9', '\u{1f600}', '\ud83d'), maxLength: 12 }),
  fc.string({ maxLength: 6 }),
)

test('the answers are those of RE2', () => {
  fc.assert(
    fc.property(expression, fc.array(text, { minLength: 1, maxLength: 8 }), (pattern, texts) => {
      if (regexFault(pattern) !== undefined) return
      const re2 = RE2JS.compile(pattern)
      const automaton = new Automaton(compileProgram(pattern))
      for (const one of texts) expect([one, ask(automaton, one).answer]).toEqual([one, re2.testExact(one)])
    }),
    { numRuns: 800 },
  )
})

test('what it takes to answer does not depend on what was asked before', () => {
  fc.assert(
    fc.property(expression, fc.array(text, { minLength: 1, maxLength: 8 }), (pattern, texts) => {
      if (regexFault(pattern) !== undefined) return
      const warm = new Automaton(compileProgram(pattern))
      for (const one of texts) expect(ask(warm, one)).toEqual(ask(new Automaton(compileProgram(pattern)), one))
    }),
    { numRuns: 300 },
  )
})

/** Each text leads through states that were never seen. */
function noise(length: number, seed: number): string {
  let state = seed
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % 7 < 3 ? 'a' : 'b'
  }).join('')
}

test('beyond its memory it answers the same, at the same steps', () => {
  for (const pattern of ['.*a.{25}', '(?:a|b)*\\ba.{20}$', '(.*)a(.{18})b.*']) {
    const re2 = RE2JS.compile(pattern)
    const automaton = new Automaton(compileProgram(pattern))
    for (let seed = 1; seed < 6; seed++) {
      const one = noise(1_500 + seed, seed)
      const asked = ask(automaton, one)
      expect(asked.answer).toBe(re2.testExact(one))
      expect(ask(automaton, one)).toEqual(asked)
    }
  }
})

test('steps grow with the text and the places in the program, and no further', () => {
  const text = noise(20_000, 1)
  for (const pattern of ['.*a.{25}', '(a?){60}.*', '(a+)+b', '((a|b)*)*c']) {
    const program = compileProgram(pattern)
    expect(ask(new Automaton(program), text).steps).toBeLessThanOrEqual((text.length + 1) * program.length)
  }
  expect(ask(new Automaton(compileProgram('/api/v[0-9]+/.*')), `/api/v1/${text}`).steps).toBeLessThan(8 * text.length)
  expect(ask(new Automaton(compileProgram('/api/v[0-9]+/.*')), `/other/${text}`).steps).toBeLessThan(10)
})

test('it stops where the work that is allowed ends', () => {
  const meter: Meter = { steps: 1_000 }
  new Automaton(compileProgram('.*a.{25}')).matches(noise(20_000, 1), meter)
  expect(meter.steps).toBeLessThan(0)
  expect(meter.steps).toBeGreaterThan(-100)
})
