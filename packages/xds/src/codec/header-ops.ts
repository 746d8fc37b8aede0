import type { Init } from './init.ts'
import type { HeaderOps } from '@mesh/core/view'
import {
  HeaderValueOption_HeaderAppendAction,
  type HeaderValueOption,
  type HeaderValueOptionSchema,
} from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { refuse } from './refusal.ts'

const { APPEND_IF_EXISTS_OR_ADD, OVERWRITE_IF_EXISTS_OR_ADD } = HeaderValueOption_HeaderAppendAction

interface HeaderFields {
  readonly requestHeadersToAdd: HeaderValueOption[]
  readonly requestHeadersToRemove: string[]
  readonly responseHeadersToAdd: HeaderValueOption[]
  readonly responseHeadersToRemove: string[]
}

interface Both {
  readonly requestHeaders?: HeaderOps
  readonly responseHeaders?: HeaderOps
}

/** The four header fields that a route and a weighted cluster share. Values are literal: Envoy's `%` is escaped. */
export function encodeHeaderOps({ requestHeaders, responseHeaders }: Both) {
  return {
    requestHeadersToAdd: encodeAdded(requestHeaders),
    requestHeadersToRemove: [...(requestHeaders?.remove ?? [])],
    responseHeadersToAdd: encodeAdded(responseHeaders),
    responseHeadersToRemove: [...(responseHeaders?.remove ?? [])],
  }
}

export function decodeHeaderOps(fields: HeaderFields): Both {
  const requestHeaders = decodeOps(fields.requestHeadersToAdd, fields.requestHeadersToRemove)
  const responseHeaders = decodeOps(fields.responseHeadersToAdd, fields.responseHeadersToRemove)
  return { ...(requestHeaders === undefined ? {} : { requestHeaders }), ...(responseHeaders === undefined ? {} : { responseHeaders }) }
}

function encodeAdded(ops: HeaderOps | undefined): Init<typeof HeaderValueOptionSchema>[] {
  const option = (appendAction: HeaderValueOption_HeaderAppendAction) => (pair: readonly [string, string]) => ({
    header: { key: pair[0], value: pair[1].replaceAll('%', '%%') },
    appendAction,
    keepEmptyValue: pair[1] === '',
  })
  return ops === undefined ? [] : [...ops.set.map(option(OVERWRITE_IF_EXISTS_OR_ADD)), ...ops.add.map(option(APPEND_IF_EXISTS_OR_ADD))]
}

function decodeOps(added: readonly HeaderValueOption[], remove: readonly string[]): HeaderOps | undefined {
  if (added.length + remove.length === 0) return undefined
  const ops = { set: [] as [string, string][], add: [] as [string, string][], remove: [...remove] }
  for (const option of added) listFor(option, ops).push(decodePair(option))
  return ops
}

function listFor<L>(option: HeaderValueOption, lists: { readonly set: L; readonly add: L }): L {
  if (option.appendAction === OVERWRITE_IF_EXISTS_OR_ADD) return lists.set
  if (option.appendAction === APPEND_IF_EXISTS_OR_ADD) return lists.add
  refuse(`header ${option.header?.key}: append action ${option.appendAction}`)
}

function decodePair({ header, keepEmptyValue }: HeaderValueOption): [string, string] {
  if (header === undefined) refuse('a header option without a header')
  if (header.value === '' && !keepEmptyValue) refuse(`header ${header.key}: an empty value that is not kept`)
  const literal = header.value.replaceAll('%%', '')
  if (literal.includes('%')) refuse(`header ${header.key}: the format ${header.value} is not supported`)
  return [header.key.toLowerCase(), header.value.replaceAll('%%', '%')]
}
