import type { JsonValue } from '@mesh/rpc/protobuf'
import type { HttpFilterChain, PathNormalization } from '@mesh/core/view'
import {
  HttpConnectionManager_PathWithEscapedSlashesAction as EscapedSlashes,
  type HttpConnectionManager,
  type HttpConnectionManagerSchema,
} from '@mesh/rpc/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb'
import type { Init } from './init.ts'
import { asList } from './metadata.ts'
import { refuse } from './refusal.ts'

type RequestView = Pick<HttpFilterChain, 'pathNormalization' | 'forwarded'>

/** How requests are read before anything judges them. Whom to believe has no place in Envoy's message: see `trustedProxies`. */
export function encodeRequestView({ pathNormalization, forwarded }: RequestView): Init<typeof HttpConnectionManagerSchema> {
  return {
    normalizePath: pathNormalization !== 'none',
    mergeSlashes: pathNormalization === 'merge-slashes' || pathNormalization === 'decode-and-merge-slashes',
    ...(pathNormalization === 'decode-and-merge-slashes' ? { pathWithEscapedSlashesAction: EscapedSlashes.UNESCAPE_AND_FORWARD } : {}),
    xffNumTrustedHops: forwarded?.hops ?? 0,
  }
}

/** For the metadata of the chain; undefined when nobody is believed. */
export function trustedProxies({ forwarded }: RequestView): JsonValue | undefined {
  return forwarded === undefined || forwarded.from.length === 0 ? undefined : [...forwarded.from]
}

/** `proxies` is what `trustedProxies` wrote. */
export function decodeRequestView(manager: HttpConnectionManager, proxies: JsonValue | undefined): RequestView {
  const how = decodePaths(manager)
  const from = asList(proxies).filter((id) => typeof id === 'string')
  const hops = manager.xffNumTrustedHops
  return {
    ...(how === undefined ? {} : { pathNormalization: how }),
    ...(from.length === 0 && hops === 0 ? {} : { forwarded: { from, hops } }),
  }
}

/** Where it is not said whether paths are normalised, they are. */
function decodePaths({
  normalizePath,
  mergeSlashes,
  pathWithEscapedSlashesAction: escaped,
}: HttpConnectionManager): PathNormalization | undefined {
  const kept = escaped === EscapedSlashes.IMPLEMENTATION_SPECIFIC_DEFAULT || escaped === EscapedSlashes.KEEP_UNCHANGED
  if (normalizePath === false && !mergeSlashes && kept) return 'none'
  if (normalizePath === false) refuse('merging or decoding slashes without normalize_path is not supported')
  if (kept) return mergeSlashes ? 'merge-slashes' : undefined
  if (escaped === EscapedSlashes.UNESCAPE_AND_FORWARD && mergeSlashes) return 'decode-and-merge-slashes'
  refuse(`path_with_escaped_slashes_action ${escaped} is not supported${mergeSlashes ? '' : ' without merge_slashes'}`)
}
