import type { EventEmitter } from 'node:events'
import type { PeerCertificate } from 'node:tls'
import type { Metadata } from '@grpc/grpc-js'
import type { RpcContext, RpcPeer } from './service.ts'
import { spiffeIdOfCertificate } from './uri-sans.ts'

/** What a call of grpc-js says about its caller. */
export interface SurfaceCall extends Pick<EventEmitter, 'on'> {
  readonly metadata: Metadata
  readonly cancelled: boolean
  getPeer(): string
  getAuthContext(): { sslPeerCertificate?: PeerCertificate | undefined }
}

/** The context of a call from a place (`address:port`). */
export function contextOf(call: SurfaceCall, place: string): RpcContext {
  const controller = new AbortController()
  if (call.cancelled) controller.abort()
  call.on('cancelled', () => controller.abort())
  const certificate = certificateOf(call)
  return {
    peer: peerAt(place, certificate === undefined ? undefined : spiffeIdOfCertificate(certificate)),
    certificate,
    header: (name) => call.metadata.get(name).find((value): value is string => typeof value === 'string'),
    signal: controller.signal,
  }
}

function peerAt(place: string, principal: string | undefined): RpcPeer {
  const colon = place.lastIndexOf(':')
  return { address: place.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(place.slice(colon + 1)), principal }
}

/**
 * grpc-js hands out a certificate only when its chain was verified, as it was when the connection was made.
 * One that has expired since, or may sign others, is nobody's identity (X509-SVID §5.2).
 */
function certificateOf(call: SurfaceCall): Uint8Array | undefined {
  const certificate = call.getAuthContext().sslPeerCertificate
  if (certificate === undefined || certificate.ca || !(Date.now() <= Date.parse(certificate.valid_to))) return undefined
  return certificate.raw
}
