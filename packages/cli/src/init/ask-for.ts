import { createInterface } from 'node:readline/promises'

export interface Question {
  readonly question: string
  /** What an empty answer means. */
  readonly fallback: string
  readonly valid: RegExp
  /** What is valid, in words. */
  readonly hint: string
}

/** Asks the person at the terminal, each question until its answer is valid. */
export async function askFor(questions: readonly Question[]): Promise<readonly string[]> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answers: string[] = []
  try {
    for (const { question, fallback, valid, hint } of questions) {
      for (let answer = ''; answer === '';) {
        const given = (await terminal.question(`${question} [${fallback}]: `)).trim()
        answer = given === '' ? fallback : valid.test(given) ? given : ''
        if (answer === '') process.stdout.write(`  ${hint}\n`)
        else answers.push(answer)
      }
    }
    return answers
  } finally {
    terminal.close()
  }
}
