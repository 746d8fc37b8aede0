import type { ServiceDefinition } from '@grpc/grpc-js'

const same = (bytes: Buffer): Buffer => bytes
const kind = (path: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/echo.Echo/${path}`,
  requestStream,
  responseStream,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
})

/** One call of each kind, over plain bytes. */
export const ECHO = {
  unary: kind('Unary', false, false),
  up: kind('Up', true, false),
  down: kind('Down', false, true),
  both: kind('Both', true, true),
} satisfies ServiceDefinition
