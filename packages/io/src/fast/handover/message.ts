import type { NamedSocket } from '../../port/handover.ts'

/** What goes along with the descriptors: their names, in their order. */
export function namesMessage(sockets: readonly NamedSocket[]): Uint8Array {
  return Buffer.from(JSON.stringify({ version: VERSION, names: sockets.map(({ name }) => name) }))
}

/** Undefined for what is no such message, or does not fit the descriptors. */
export function socketsOf(bytes: Uint8Array, descriptors: readonly number[]): readonly NamedSocket[] | undefined {
  try {
    const { version, names } = JSON.parse(Buffer.from(bytes).toString()) as { version: unknown; names: unknown }
    if (version !== VERSION || !Array.isArray(names) || names.length !== descriptors.length) return undefined
    return descriptors.map((descriptor, index) => ({ name: String(names[index]), descriptor }))
  } catch {
    return undefined
  }
}

const VERSION = 1
/** The one byte by which a successor says that it serves. */
export const TAKEN = 0x54
