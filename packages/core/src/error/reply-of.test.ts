import { expect, test } from 'vitest'
import { MeshError } from './mesh-error.ts'
import { replyOf } from './reply-of.ts'
import { RESPONSE_FLAGS, type ResponseFlag } from './response-flag.ts'

const error = (flag?: ResponseFlag, fault: 'caller' | 'local' = 'local') =>
  new MeshError({
    code: 'why',
    fault,
    retry: false,
    message: 'secret 10.0.0.1',
    cause: new Error('deep'),
    ...(flag === undefined ? {} : { flag }),
  })

test.each([
  ['UH', 503],
  ['UF', 503],
  ['UO', 503],
  ['NR', 404],
  ['UT', 504],
  ['UPE', 502],
] as const)('%s is answered with %d', (flag, status) => {
  expect(replyOf(error(flag))).toMatchObject({ status, flag, details: 'why' })
})

test('no reply tells what is inside', () => {
  for (const flag of Object.keys(RESPONSE_FLAGS) as ResponseFlag[]) {
    const { status, body } = replyOf(error(flag))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body).not.toMatch(/secret|10\.0\.0\.1|deep|^$/)
  }
})

test('without a flag the fault decides', () => {
  expect([replyOf(error(undefined, 'caller')).status, replyOf(error()).status]).toEqual([400, 500])
})
