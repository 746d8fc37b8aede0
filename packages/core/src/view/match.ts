/** Envoy `type.matcher.v3.StringMatcher`; a regex is RE2 and must match the whole string. */
export type StringMatch =
  | { readonly kind: 'exact'; readonly value: string; readonly ignoreCase?: boolean }
  | { readonly kind: 'prefix'; readonly value: string; readonly ignoreCase?: boolean }
  | { readonly kind: 'suffix'; readonly value: string; readonly ignoreCase?: boolean }
  | { readonly kind: 'contains'; readonly value: string; readonly ignoreCase?: boolean }
  | { readonly kind: 'regex'; readonly value: string }

/** Envoy `HeaderMatcher`. Names are lower-case; `:method`, `:authority`, `:path` and `:scheme` are pseudo headers. */
export interface HeaderMatch {
  readonly name: string
  /** `present` asks only whether the header is there. */
  readonly value: StringMatch | { readonly kind: 'present' }
  /** The match is inverted (Envoy `invert_match`): an absent header satisfies an inverted test. */
  readonly invert?: boolean
  /** Envoy `treat_missing_header_as_empty`. */
  readonly absentIsEmpty?: boolean
}

/** Envoy `QueryParameterMatcher`. */
export interface QueryMatch {
  readonly name: string
  readonly value: StringMatch | { readonly kind: 'present' }
}

/** An address block: `10.0.0.0/8`. */
export interface Cidr {
  readonly address: string
  readonly prefix: number
}
