import { totalmem } from 'node:os'
import { parseSetting, type Shape } from '@mesh/core/settings'
import { LIMITS } from '../limits.ts'

/** How much memory a proxy may use: bytes, `auto` as much as its container or its machine has for it, or `off`, as much as it gets. */
export type MemoryLimit = number | 'auto' | 'off'

/** `512Mi`, `1Gi`, plain bytes, `auto` or `off`. */
export function memoryLimit(): Shape<MemoryLimit> {
  return {
    read: (value, at, faults) => {
      const limit = limitOf(value)
      if (limit === undefined) faults.push(`${at}: write it as 512Mi, 1Gi or bytes, or auto, or off`)
      return limit
    },
  }
}

/** What MESH_MEMORY_LIMIT says, if it is set. */
export function memoryLimitFrom(env: Readonly<Record<string, string | undefined>>): MemoryLimit | undefined {
  const written = env['MESH_MEMORY_LIMIT']
  return written === undefined ? undefined : parseSetting(memoryLimit(), written, 'MESH_MEMORY_LIMIT')
}

/** Bytes; Infinity: there is no bound. A container's own bound (cgroup) counts whole, a machine is shared with others. */
export function limitBytes(limit: MemoryLimit, room: MemoryRoom = MACHINE): number {
  if (limit === 'off') return Infinity
  if (limit !== 'auto') return limit
  const total = room.totalBytes()
  const container = room.containerBytes()
  return container > 0 && container < total ? container : total * LIMITS.memoryMachineShare
}

/** What there is; bytes. */
export interface MemoryRoom {
  /** 0, or more than there is: no bound. */
  containerBytes(): number
  totalBytes(): number
}

const MACHINE: MemoryRoom = { containerBytes: () => process.constrainedMemory(), totalBytes: () => totalmem() }

function limitOf(value: unknown): MemoryLimit | undefined {
  if (value === 'auto' || value === 'off') return value
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const [, digits, unit] = /^([1-9]\d{0,14})(Ki|Mi|Gi)?$/.exec(String(value)) ?? []
  if (digits === undefined) return undefined
  return Number(digits) * (unit === undefined ? 1 : UNITS[unit as keyof typeof UNITS])
}

const UNITS = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 } as const
