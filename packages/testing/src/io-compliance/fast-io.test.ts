import { fastIo } from '@mesh/io/fast'
import { describe } from 'vitest'
import { BINDINGS } from './fast/bindings.ts'
import { ioCompliance } from './io-compliance.ts'

describe.each(BINDINGS)('by %s', (binding) => {
  ioCompliance((options) => fastIo({ ...options, binding }))
})
