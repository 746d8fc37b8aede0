/** Kinds whose broken objects must deny rather than vanish. */
export type SecurityKind = 'AuthorizationPolicy' | 'PeerAuthentication'

export function isSecurityKind(kind: string): kind is SecurityKind {
  return kind === 'AuthorizationPolicy' || kind === 'PeerAuthentication'
}

/** The labels that a broken policy selects, if all of its selector can be read; else it stands for its whole namespace. */
export function selectorOf(root: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> | undefined {
  const labels = field(field(field(root, 'spec'), 'selector'), 'matchLabels')
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return undefined
  const entries = Object.entries(labels)
  return entries.length > 0 && entries.every(([, value]) => typeof value === 'string') ? (labels as Record<string, string>) : undefined
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}
