import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FINDING_CODES, type FindingCode } from '@mesh/core/config'
import { caseFindings, isMeshFileCode, markersIn, readCase } from './finding-cases.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const codes = (Object.keys(FINDING_CODES) as FindingCode[]).filter((code) => !('internal' in FINDING_CODES[code]))

describe.each(codes)('the case of %s', (code) => {
  const found = readCase(ROOT, code)

  test('is told as its failing example marks, and of nothing else', () => {
    const told = caseFindings(code, 'failing.yaml', { text: found?.failing.text ?? '', before: found?.before?.text })
    const marked = markersIn(found?.failing.text ?? '')
    expect([...new Set(told.map(({ origin, code: said }) => `${origin.line} ${said}`))].sort()).toEqual([...marked].sort())
    expect(marked.some((mark) => mark.endsWith(code))).toBe(true)
  })

  test('has a mended example that nothing is told of', () => {
    const told = caseFindings(code, 'mended.yaml', { text: found?.mended.text ?? '', before: found?.before?.text })
    expect(told.map(({ origin, code: said, message }) => `${origin.line} ${said} ${message}`)).toEqual([])
    expect(found?.mended.text.includes(isMeshFileCode(code) ? 'name:' : 'kind:')).toBe(true)
  })

  test('says what happens and what to do', () => {
    expect(found?.failing.about).toMatch(/\.$/)
    expect(found?.mended.about).toMatch(/\.$/)
  })
})
