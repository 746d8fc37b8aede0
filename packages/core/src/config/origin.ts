/**
 * Where a piece of configuration was written: the object, and inside its file the place.
 * Lines and columns count from 1.
 */
export interface Origin {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** Path of the field inside the object, like `spec.http[0].route[1].weight`. */
  readonly field?: string
}

/** `VirtualService default/reviews`: how people name an object; one without a name is called by its kind. */
export function originName(origin: Origin): string {
  if (origin.name === '') return origin.kind
  return origin.namespace === '' ? `${origin.kind} ${origin.name}` : `${origin.kind} ${origin.namespace}/${origin.name}`
}

/** `reviews.yaml:12:9`, or the object's name when it came from no file. */
export function originPlace(origin: Origin): string {
  if (origin.file === undefined) return originName(origin)
  const line = origin.line === undefined ? '' : `:${origin.line}`
  const column = origin.line === undefined || origin.column === undefined ? '' : `:${origin.column}`
  return `${origin.file}${line}${column}`
}
