import { portableIo } from '@mesh/io/portable'
import { ioCompliance } from './io-compliance.ts'

ioCompliance((options) => portableIo(options))
