import { expect, test } from 'vitest'
import { calmLog } from './calm-log.ts'
import { LINES_PER_S } from './limits.ts'

test('a flood of one event is cut, told later, and hides no other event', () => {
  const lines: unknown[] = []
  let nowMs = 0
  const log = calmLog(
    (level, event, fields) => lines.push([level, event, fields]),
    () => nowMs,
  )
  for (let sent = 0; sent < LINES_PER_S + 1000; sent++) log('warn', 'refused', { sent })
  expect(lines).toHaveLength(LINES_PER_S)
  log('info', 'connected')
  expect(lines.at(-1)).toEqual(['info', 'connected', {}])
  nowMs = 1000
  log('warn', 'refused', { sent: 'late' })
  expect(lines.at(-1)).toEqual(['warn', 'refused', { sent: 'late', leftOut: 1000 }])
  log('warn', 'refused', { sent: 'later' })
  expect(lines.at(-1)).toEqual(['warn', 'refused', { sent: 'later' }])
})
