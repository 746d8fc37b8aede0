import { Automaton, type Meter } from './automaton.ts'
import { REGEX_LIMITS } from './limits.ts'
import { literalPrefix, plainForm, type TextTest } from './plain-form.ts'
import { compileProgram } from './program.ts'
import { regexFault } from './regex-fault.ts'
import { regexSize } from './regex-size.ts'

/**
 * The regular expressions of one table, and what they may cost: in size together, and in steps per decision.
 * The same expression is one program, and the same question costs one match in a decision.
 */
export class Regexes {
  readonly #meter: Meter = { steps: REGEX_LIMITS.decisionSteps }
  readonly #known = new Map<string, TextTest | undefined>()
  #decision = 0
  #size = 0

  /** A decision begins; its steps count from 0. */
  begin(): void {
    this.#meter.steps = REGEX_LIMITS.decisionSteps
    this.#decision++
  }

  /** Whether the decision asked for more steps than it may: what the expressions said then means nothing. */
  get exhausted(): boolean {
    return this.#meter.steps < 0
  }

  /** A test of the whole text; undefined for what is no RE2, too large, or too much together with what is there. The caller decides what that means. */
  compile(pattern: string): TextTest | undefined {
    if (this.#known.has(pattern)) return this.#known.get(pattern)
    const test = this.#fits(pattern) ? this.#make(pattern) : undefined
    this.#known.set(pattern, test)
    return test
  }

  #fits(pattern: string): boolean {
    if (pattern.length > REGEX_LIMITS.patternChars || this.#size > REGEX_LIMITS.setSize) return false
    this.#size += regexSize(pattern)
    return this.#size <= REGEX_LIMITS.setSize
  }

  #make(pattern: string): TextTest | undefined {
    const plain = plainForm(pattern)
    if (plain !== undefined) return plain
    if (regexFault(pattern) !== undefined) return undefined
    return this.#remembering(this.#compiled(pattern), literalPrefix(pattern))
  }

  /** Compiled when first asked for. */
  #compiled(pattern: string): TextTest {
    let automaton: Automaton | undefined
    return (text) => (automaton ??= new Automaton(compileProgram(pattern))).matches(text, this.#meter)
  }

  #remembering(test: TextTest, prefix: string): TextTest {
    let decision = -1
    let asked = ''
    let answer = false
    return (text) => {
      if (!text.startsWith(prefix) || this.exhausted) return false
      if (text.length > REGEX_LIMITS.keptTextChars) return test(text)
      if (decision === this.#decision && asked === text) return answer
      decision = this.#decision
      asked = text
      answer = test(text)
      return answer
    }
  }
}

/** One expression outside of tables, each question a decision of its own. Undefined when it is none or too large. */
export function compileRegex(pattern: string): TextTest | undefined {
  const regexes = new Regexes()
  const test = regexes.compile(pattern)
  if (test === undefined) return undefined
  return (text) => {
    regexes.begin()
    return test(text) && !regexes.exhausted
  }
}
