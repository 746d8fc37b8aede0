import { isSecurityKind } from '../config/check/security-kind.ts'
import type { BrokenObject } from '../config/check/check-object.ts'
import { findingOf, type Finding } from '../config/finding.ts'
import type { LoadedSources } from '../config/load.ts'
import { idKey, objectIdKey } from '../config/object-id.ts'
import type { ConfigObject } from '../config/object.ts'
import type { Origin } from '../config/origin.ts'
import type { QuarantinedPolicy, Snapshot } from './snapshot.ts'

interface Kept {
  readonly objects: readonly ConfigObject[]
  readonly quarantined: readonly QuarantinedPolicy[]
  readonly findings: readonly Finding[]
}

/** The last good form of each broken object, and the security policies that have none. */
export function keepLastGood(loaded: LoadedSources, previous: Snapshot | undefined): Kept {
  const present = new Set(loaded.objects.map(objectIdKey))
  const last = new Map((previous?.objects ?? []).map((object) => [objectIdKey(object), object]))
  const kept = new Map<string, ConfigObject>()
  const quarantined: QuarantinedPolicy[] = []
  const findings: Finding[] = []
  const brokenFiles = new Set<string>()
  for (const broken of loaded.broken) {
    if (broken.kind === 'file') {
      brokenFiles.add(broken.file)
      continue
    }
    const key = `${broken.objectKind}/${broken.namespace}/${broken.name}`
    if (present.has(key) || kept.has(key)) continue
    const good = last.get(key)
    if (good !== undefined) {
      kept.set(key, good)
      findings.push(lastGoodFinding(good, broken.origin))
    } else quarantined.push(...quarantine(broken))
  }
  for (const [key, object] of last) {
    if (object.origin.file === undefined || !brokenFiles.has(object.origin.file) || present.has(key) || kept.has(key)) continue
    kept.set(key, object)
    findings.push(lastGoodFinding(object, object.origin))
  }
  const closed = [...quarantined, ...stillQuarantined(previous, brokenFiles, quarantined)]
  return { objects: [...kept.values()], quarantined: closed, findings: [...findings, ...closed.map(quarantineFinding)] }
}

/** A policy that was quarantined stays so while its file can not be read at all. */
function stillQuarantined(
  previous: Snapshot | undefined,
  brokenFiles: ReadonlySet<string>,
  now: readonly QuarantinedPolicy[],
): readonly QuarantinedPolicy[] {
  const keys = new Set(now.map(idKey))
  return (previous?.quarantined ?? []).filter(
    (policy) => policy.origin.file !== undefined && brokenFiles.has(policy.origin.file) && !keys.has(idKey(policy)),
  )
}

function quarantine(broken: BrokenObject): readonly QuarantinedPolicy[] {
  const { objectKind: kind, namespace, name, selector, origin } = broken
  if (kind === undefined || !isSecurityKind(kind)) return []
  return [{ kind, namespace, name, ...(selector === undefined ? {} : { selector }), origin }]
}

function lastGoodFinding(object: ConfigObject, origin: Origin): Finding {
  return findingOf('MESH0006', {
    origin: { ...origin, kind: object.kind, name: object.meta.name },
    message: `The last good form of ${object.kind} ${object.meta.name} is in force.`,
  })
}

function quarantineFinding(policy: QuarantinedPolicy): Finding {
  const whom = policy.selector === undefined ? `all workloads of ${policy.namespace}` : 'the workloads that it selects'
  return findingOf('MESH0007', {
    origin: policy.origin,
    message: `${policy.kind} ${policy.name} cannot be understood, so ${whom} take no requests.`,
    fix: 'Mend it, or delete it.',
  })
}
