export { MeshError, type Fault as ErrorFault, type MeshErrorInit } from './mesh-error.ts'
export { replyOf, type ErrorReply } from './reply-of.ts'
export { RESPONSE_FLAGS, type ResponseFlag } from './response-flag.ts'
