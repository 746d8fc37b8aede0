export { ioCompliance } from './io-compliance/io-compliance.ts'
export { Recorder, type RecorderHooks } from './io-compliance/recorder.ts'
export type { MakeIo, RigOptions } from './io-compliance/rig.ts'
export { throwawayPki, uriNames, type ThrowawayPki } from './throwaway-pki.ts'
