export { MeshError, type Fault as ErrorFault, type MeshErrorInit } from './mesh-error.ts'
export { RESPONSE_FLAGS, type ResponseFlag } from './response-flag.ts'
