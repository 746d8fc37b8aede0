/** Envoy's response flags (`%RESPONSE_FLAGS%`): why a reply was made here, or how a call ended. */
export const RESPONSE_FLAGS = {
  UH: 'no healthy upstream',
  UF: 'upstream connection failure',
  UO: 'upstream overflow (circuit breaking)',
  NR: 'no route found',
  NC: 'upstream cluster not found',
  URX: 'retry or connect attempt limit exceeded',
  UT: 'upstream request timeout',
  UC: 'upstream connection termination',
  UR: 'upstream remote reset',
  UPE: 'upstream protocol error',
  LR: 'connection local reset',
  DC: 'downstream connection termination',
  DPE: 'downstream protocol error',
  DT: 'maximum stream duration reached',
  SI: 'stream idle timeout',
  DI: 'delay injected',
  FI: 'fault injected',
  RL: 'rate limited',
  UAEX: 'denied by external authorization',
  IH: 'invalid header value',
  OM: 'overload manager',
  DF: 'DNS resolution failed',
} as const

export type ResponseFlag = keyof typeof RESPONSE_FLAGS
