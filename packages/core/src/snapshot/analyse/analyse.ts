import { registryOf } from '../../compile/registry/registry.ts'
import { findingOf, type Finding } from '../../config/finding.ts'
import { fieldOrigin } from '../../config/object.ts'
import type { Snapshot } from '../snapshot.ts'
import { destinationsNotFound } from './destinations.ts'
import { gatewaysNotFound, gatewaysWithoutWorkloads, hostsNotInGateway } from './gateways.ts'
import { conflictingGateways } from './gateway-conflicts.ts'
import { conflictingHosts, hostsNotFound } from './hosts.ts'
import { lostInMerge } from './merged-rules.ts'
import { portsNotCarried, portsWithoutProtocol } from './port-names.ts'
import { selectorsWithoutWorkloads } from './selectors.ts'
import { protocolsOfSharedPorts } from './shared-ports.ts'
import { conflictingSidecars } from './sidecars.ts'
import { subsetsWithoutWorkloads } from './subsets.ts'
import type { Analysis } from './analysis.ts'
import { tlsThatIsRefused } from './tls-mismatch.ts'
import { unreachableRoutes } from './unreachable-routes.ts'

const MAX_FINDINGS = 1000

/** What is to be said about objects as they stand to each other: names that lead nowhere, conflicts, routes that are never reached. */
export function analyse(snapshot: Snapshot): readonly Finding[] {
  const findings: Finding[] = []
  const analysis: Analysis = {
    snapshot,
    registry: registryOf(snapshot),
    report: (code, object, path, message, fix) => {
      if (findings.length < MAX_FINDINGS) findings.push(findingOf(code, { origin: fieldOrigin(object, path), message, fix }))
    },
  }
  for (const check of CHECKS) check(analysis)
  return findings
}

const CHECKS: readonly ((analysis: Analysis) => void)[] = [
  destinationsNotFound,
  hostsNotFound,
  conflictingHosts,
  subsetsWithoutWorkloads,
  lostInMerge,
  gatewaysNotFound,
  hostsNotInGateway,
  gatewaysWithoutWorkloads,
  conflictingGateways,
  selectorsWithoutWorkloads,
  conflictingSidecars,
  unreachableRoutes,
  portsWithoutProtocol,
  portsNotCarried,
  protocolsOfSharedPorts,
  tlsThatIsRefused,
]
