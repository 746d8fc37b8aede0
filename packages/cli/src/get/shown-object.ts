import type { KnownObject } from './known-objects.ts'
import type { Place } from '../store/store.ts'

/** An object where it is kept, and what pilot knows of it. */
export interface ShownObject extends Place {
  /** Undefined when pilot does not know it, or does not answer. */
  readonly known: KnownObject | undefined
  /** Whether pilot has answered. */
  readonly asked: boolean
}

/**
 * The object as Kubernetes would show it: what its file says, with the version of its content, its generation and its status.
 * What pilot has not taken up yet has the next generation.
 */
export function objectValue({ stored, known }: ShownObject): Readonly<Record<string, unknown>> {
  const { apiVersion, kind, metadata, status: _status, ...rest } = stored.located.value as Readonly<Record<string, unknown>>
  const {
    name,
    namespace: _namespace,
    resourceVersion: _version,
    generation: _generation,
    ...meta
  } = (metadata ?? {}) as Readonly<Record<string, unknown>>
  const { namespace } = stored.located
  const generation = generationOf(stored.version, known)
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === '' ? {} : { namespace }),
      ...meta,
      ...(generation === undefined ? {} : { generation }),
      ...(stored.version === undefined ? {} : { resourceVersion: stored.version }),
    },
    ...rest,
    ...(known === undefined ? {} : { status: known.status }),
  }
}

/** Whether what is in force is what the file says: `yes`, an older form of it, or nothing. */
export function inForce({ stored, known, asked }: ShownObject): string {
  if (!asked) return '<unknown>'
  if (known?.version === undefined) return 'no'
  return known.version === stored.version ? 'yes' : 'older form'
}

/** `10/10`: how many of the proxies concerned serve it. */
export function proxyCounts({ known, asked }: ShownObject): string {
  if (!asked) return '<unknown>'
  if (known?.version === undefined) return '-'
  const { serving, concerned } = known.status.proxies
  return `${serving}/${concerned}`
}

function generationOf(version: string | undefined, known: KnownObject | undefined): number | undefined {
  if (known?.generation === undefined) return undefined
  return known.version === version ? known.generation : known.generation + 1
}
