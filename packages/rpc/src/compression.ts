import { ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js'

/**
 * Refuses calls whose messages are compressed: a few kilobytes of them become as many megabytes, before anybody could judge the peer by what it says.
 * Nobody in the mesh compresses. grpc-js tells of the encoding nowhere but in this field.
 */
export function refuseCompressed(onRefused: (reason: 'compressed') => void): ServerInterceptor {
  return (_method, call) => {
    const { incomingEncoding } = call as typeof call & { readonly incomingEncoding?: unknown }
    if (incomingEncoding !== 'identity') {
      onRefused('compressed')
      call.sendStatus({ code: status.UNIMPLEMENTED, details: 'compressed messages are not taken' })
    }
    return new ServerInterceptingCall(call)
  }
}
