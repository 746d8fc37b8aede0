export type { Call, CallEnv, ChainPlan, MutableHead, MutableReplyHead } from './call.ts'
export type { CallRecord, PeerLabels, TraceIds } from './record.ts'
export type { Action, CallRun } from './run.ts'
export { CONTINUE, type LocalReply, type ReplyStep, type Stage, type Step } from './stage.ts'
