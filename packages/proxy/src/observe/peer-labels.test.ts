import type { Workload } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { peerDirectory } from './peer-labels.ts'

const workload = (name: string, address: string, serviceAccount: string): Workload => ({
  uid: `Kubernetes/default/${name}-0`,
  workload: name,
  namespace: 'default',
  serviceAccount,
  addresses: [address],
  app: name.split('-')[0] ?? '',
  version: name.split('-')[1] ?? 'latest',
  cluster: 'Kubernetes',
})
const WORKLOADS = [
  workload('reviews-v1', '127.64.0.2', 'reviews'),
  workload('reviews-v2', '127.64.0.3', 'reviews'),
  workload('details-v1', '127.64.0.4', 'details'),
]
const principal = (account: string): string => `spiffe://cluster.local/ns/default/sa/${account}`
const directory = peerDirectory(WORKLOADS, { trustDomain: 'cluster.local', identity: true })

test('address and principal together name the caller', () => {
  expect(directory.of('127.64.0.3', principal('reviews'))).toEqual({
    workload: 'reviews-v2',
    namespace: 'default',
    app: 'reviews',
    version: 'v2',
    cluster: 'Kubernetes',
    principal: principal('reviews'),
  })
})

test('a principal at a foreign address names the caller only when one workload has it', () => {
  expect(directory.of('127.0.0.1', principal('details'))?.workload).toBe('details-v1')
  expect(directory.of('127.0.0.1', principal('reviews'))).toBeUndefined()
  expect(directory.of('127.64.0.4', principal('reviews'))).toBeUndefined()
})

test('an address without a certificate names nobody in a mesh that has certificates', () => {
  expect(directory.of('127.64.0.2', undefined)).toBeUndefined()
})

test('an address alone names the caller in a mesh without certificates', () => {
  const open = peerDirectory(WORKLOADS, { trustDomain: 'cluster.local', identity: false })
  expect(open.of('127.64.0.2', undefined)).toMatchObject({ workload: 'reviews-v1', principal: undefined })
  expect(open.of('127.64.0.9', undefined)).toBeUndefined()
})
