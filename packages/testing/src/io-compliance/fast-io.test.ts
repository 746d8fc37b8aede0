import { fastIo } from '@mesh/io/fast'
import { ioCompliance } from './io-compliance.ts'

ioCompliance((options) => fastIo(options))
