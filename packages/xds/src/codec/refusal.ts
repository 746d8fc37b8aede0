/** Thrown inside the decoder at what this mesh cannot honour; a resource's decoding ends with it as a value. */
export class Refusal extends Error {}

export function refuse(reason: string): never {
  throw new Refusal(reason)
}

/**
 * Refuses a decoded message that carries a field which the generated code does not know, at any depth:
 * what is not understood is never dropped in silence.
 */
export function refuseUnknownFields(value: unknown): void {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return
  if (Array.isArray(value)) return value.forEach(refuseUnknownFields)
  const { $unknown, $typeName } = value as { $unknown?: readonly { no: number }[]; $typeName?: string }
  const [unknown] = $unknown ?? []
  if (unknown !== undefined) refuse(`field ${unknown.no} of ${$typeName} is not supported`)
  for (const part of Object.values(value)) refuseUnknownFields(part)
}
