import type { Endpoint } from '../view/cluster.ts'

/**
 * What is known of the endpoints of all watched clusters: whole numbers, which several threads may share. Each step on them is one atomic
 * operation, so that counts are exact whoever takes it.
 */
export interface OutlierMemory {
  /** `CLUSTER_CELLS` for each cluster. */
  readonly clusters: Int32Array
  /** `HOST_CELLS` for each endpoint. */
  readonly hosts: Int32Array
}

/** Of a cluster: endpoints that are ejected now, how many there are, a number that changes with who is ejected, the interval of the last sweep. */
export const EJECTED_NOW = 0
export const TOTAL = 1
export const GENERATION = 2
export const SWEPT = 3
export const CLUSTER_CELLS = 4

/** Of an endpoint: what it is, failures in a row by sort, ejections that count for how long the next one lasts, when the last one was. */
export const STATE = 0
export const ROW_5XX = 1
export const ROW_GATEWAY = 2
export const ROW_LOCAL = 3
export const EJECTIONS = 4
export const EJECTED_AT = 5
export const HOST_CELLS = 6

/** The states of an endpoint; `LEAVING` only while its ejection is written down. */
export const NOBODY = 0
export const PRESENT = 1
export const LEAVING = 2
export const EJECTED = 3

/** Where the state of the endpoints of a cluster stands; a plain value. */
export interface WatchedCluster {
  /** Index of its first cell. */
  readonly at: number
  /** Index of the first cell of each endpoint, by its place. */
  readonly hosts: ReadonlyMap<string, number>
}

/** By name of the cluster. */
export type OutlierPlan = ReadonlyMap<string, WatchedCluster>

/** An endpoint of a cluster that is ejected; a plain value. */
export interface EjectedEndpoint {
  readonly cluster: string
  readonly address: string
  readonly port: number
}

/** The endpoint that a key stands for. */
export function hostOfKey(key: string): Pick<Endpoint, 'address' | 'port'> {
  const at = key.lastIndexOf(' ')
  return { address: key.slice(0, at), port: Number(key.slice(at + 1)) }
}

/** Endpoints are known by address and port, whatever else changes. */
export function hostKey({ address, port }: Pick<Endpoint, 'address' | 'port'>): string {
  return `${address} ${port}`
}
