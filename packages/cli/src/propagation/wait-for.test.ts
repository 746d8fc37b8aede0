import { expect, test } from 'vitest'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { MAX_WANTS, type Propagation, type ProxyState } from './propagation.ts'
import { waitFor } from './wait-for.ts'
import { waitCode, waitDetails, waitLine } from './wait-text.ts'

const WANT = 'VirtualService/default/reviews@0123456789ab'
const proxy = (name: string, state: ProxyState['state'], reason?: string): ProxyState => ({
  name,
  namespace: 'default',
  state,
  ...(reason === undefined ? {} : { reason }),
})
function answer(proxies: readonly ProxyState[], more: Partial<Propagation> = {}): Propagation {
  const serving = proxies.filter(({ state }) => state === 'serving').length
  const objects = [{ want: WANT, taken: true, concerned: proxies.length, serving }]
  return { taken: true, snapshot: '9c41d0e2a7b3', objects, concerned: proxies.length, serving, proxies: [...proxies], ...more }
}
const NOT_TAKEN = answer([], { taken: false, objects: [{ want: WANT, taken: false, concerned: 0, serving: 0 }] })
const [SLOW, GOOD, BAD] = [
  proxy('slow', 'lagging', 'it has not answered RDS for 1.0 s'),
  proxy('good', 'serving'),
  proxy('bad', 'refused', 'LDS x: no'),
]

/** Answers one after the other, the last one for ever; an Error is a pilot that does not answer. */
function wait(answers: readonly (Propagation | Error)[], { percent = 100, timeoutMs = 60_000, wants = [WANT] } = {}) {
  let round = 0
  const ask = async (): Promise<Propagation> => {
    const told = answers[Math.min(round++, answers.length - 1)]
    if (told === undefined || told instanceof Error) throw told ?? new Error('no answer')
    return told
  }
  return waitFor({ wants, percent, timeoutMs, ask })
}
const shown = async (waited: ReturnType<typeof wait>): Promise<{ line: string; details: readonly string[]; code: number }> => {
  const one = await waited
  return { line: waitLine(one), details: waitDetails(one), code: waitCode(one) }
}

test('it ends when all serve, and says how many and how fast', async () => {
  const { line, code } = await shown(wait([NOT_TAKEN, answer([SLOW, GOOD]), answer([proxy('slow', 'serving'), GOOD])]))
  expect(line).toMatch(/^2\/2 proxies on 9c41d0e2a7b3 in \d+\.\d s$/)
  expect(code).toBe(EXIT.ok)
})

test('a percentage is enough where one was asked for', async () => {
  expect(await shown(wait([answer([SLOW, GOOD])], { percent: 50 }))).toMatchObject({
    line: expect.stringMatching(/^1\/2 proxies/),
    code: EXIT.ok,
  })
})

test('when the time is over it says who lags and why', async () => {
  const { line, details, code } = await shown(wait([answer([SLOW, GOOD])], { timeoutMs: 1 }))
  expect([line, details, code]).toEqual([
    expect.stringMatching(/^1\/2 proxies on 9c41d0e2a7b3 after \d+\.\d s$/),
    ['  lagging  slow.default  it has not answered RDS for 1.0 s'],
    EXIT.negative,
  ])
})

test('what is refused cannot come any more, so that it ends at once, unless others suffice', async () => {
  expect(await shown(wait([answer([BAD, GOOD])]))).toMatchObject({ details: ['  refused  bad.default  LDS x: no'], code: EXIT.negative })
  const enough = wait([answer([BAD, SLOW, GOOD]), answer([BAD, proxy('slow', 'serving'), GOOD])], { percent: 60 })
  expect(await shown(enough)).toMatchObject({ line: expect.stringMatching(/^2\/3 proxies/), code: EXIT.ok })
})

test('an object that concerns nobody is served', async () => {
  expect(await shown(wait([NOT_TAKEN, answer([])]))).toMatchObject({ line: 'concerns no proxy, on 9c41d0e2a7b3', code: EXIT.ok })
})

test('a proxy that has left the mesh is not waited for, and told', async () => {
  const { details, code } = await shown(wait([answer([SLOW, GOOD]), answer([GOOD])]))
  expect([details, code]).toEqual([[expect.stringContaining('left     slow.default')], EXIT.ok])
})

test('an interrupt gives the wait up, and says how far it was', async () => {
  const stop = new AbortController()
  let asked = 0
  const ask = async (): Promise<Propagation> => {
    if (asked++ > 0) setImmediate(() => stop.abort())
    return answer([SLOW, GOOD])
  }
  const { line, code } = await shown(waitFor({ wants: [WANT], percent: 100, timeoutMs: 60_000, ask, interrupt: stop.signal }))
  expect([line, code]).toEqual([
    expect.stringMatching(/^the wait was given up after \d+\.\d s: 1\/2 proxies on 9c41d0e2a7b3; the change stays$/),
    EXIT.interrupted,
  ])
})

test('a pilot that never answers does not hold an interrupt up', async () => {
  const stop = new AbortController()
  const ask = (): Promise<Propagation> => {
    setImmediate(() => stop.abort())
    return new Promise(() => {})
  }
  expect(await shown(waitFor({ wants: [WANT], percent: 100, timeoutMs: 60_000, ask, interrupt: stop.signal }))).toMatchObject({
    line: expect.stringContaining('pilot had not answered'),
    code: EXIT.interrupted,
  })
})

test('what pilot does not take is told with what it says about it', async () => {
  const problem = { ...NOT_TAKEN, objects: [{ want: WANT, taken: false, concerned: 0, serving: 0, problem: 'IST0106 Unknown field.' }] }
  expect(await shown(wait([problem], { timeoutMs: 1 }))).toMatchObject({
    line: expect.stringContaining('not in force after'),
    details: ['  not taken VirtualService/default/reviews  IST0106 Unknown field.'],
    code: EXIT.negative,
  })
})

test('a pilot that is away is waited for', async () => {
  const away = new CommandFailure(EXIT.unreachable, 'Pilot does not answer at x: the connection is refused.')
  expect(await shown(wait([away, answer([GOOD])]))).toMatchObject({ line: expect.stringMatching(/^1\/1 proxy on/), code: EXIT.ok })
  expect(await shown(wait([away], { timeoutMs: 1 }))).toMatchObject({
    line: expect.stringContaining('pilot has not answered'),
    details: [expect.stringContaining('the connection is refused. What was written comes into force when pilot is back.')],
    code: EXIT.unreachable,
  })
})

test('many objects are asked about in parts, and a proxy counts as it stands to the worst of them', async () => {
  const wants = Array.from({ length: MAX_WANTS + 1 }, () => WANT)
  const parts = [
    answer([GOOD, proxy('slow', 'serving')]),
    answer([SLOW]),
    answer([GOOD, proxy('slow', 'serving')]),
    answer([proxy('slow', 'serving')]),
  ]
  expect(await shown(wait(parts, { wants }))).toMatchObject({ line: expect.stringMatching(/^2\/2 proxies/), code: EXIT.ok })
})

test('what a proxy says cannot play with the terminal', async () => {
  const { details } = await shown(wait([answer([proxy('bad', 'refused', 'LDS \u001b[2Jx\u0007')])]))
  for (const control of ['\u001b', '\u0007']) expect(details.join('')).not.toContain(control)
})
