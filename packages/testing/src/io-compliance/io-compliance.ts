import { afterEach, beforeEach, describe } from 'vitest'
import { plainCompliance } from './plain.ts'
import { Rig, type MakeIo } from './rig.ts'
import { timerCompliance } from './timers.ts'
import { tlsCompliance } from './tls.ts'

/** What every plug of the io port must do; run it in a test file of its own per plug. */
export function ioCompliance(makeIo: MakeIo): void {
  let rig: Rig
  beforeEach(() => {
    rig = new Rig(makeIo, { closeMs: 400, maxUnsentBytes: 16 * 1024 * 1024 })
  })
  afterEach(() => rig.close())
  const use = (): Rig => rig
  describe('plain', () => {
    plainCompliance(use)
  })
  describe('tls', () => {
    tlsCompliance(use)
  })
  describe('timers', () => {
    timerCompliance(use)
  })
}
