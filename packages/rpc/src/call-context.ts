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
  return {
    peer: peerOf(call, place),
    header: (name) => call.metadata.get(name).find((value): value is string => typeof value === 'string'),
    signal: controller.signal,
  }
}

/** grpc-js hands out a certificate only when its chain was verified, as it was when the connection was made. */
function peerOf(call: SurfaceCall, place: string): RpcPeer {
  const colon = place.lastIndexOf(':')
  const certificate = call.getAuthContext().sslPeerCertificate
  return {
    address: place.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(place.slice(colon + 1)),
    principal: certificate === undefined || hasExpired(certificate) ? undefined : spiffeIdOfCertificate(certificate.raw),
  }
}

function hasExpired({ valid_to }: PeerCertificate): boolean {
  return !(Date.now() <= Date.parse(valid_to))
}
