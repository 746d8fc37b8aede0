import { expect, test } from 'vitest'
import { settingsOf } from '../settings.ts'
import { SELF } from '../testdata/views.ts'
import { ownPlaces } from './own-places.ts'

const { identity: _identity, ...node } = SELF

function placesOf(parts: Record<string, unknown>): readonly string[] {
  const minimal = { node: { ...node, address: '10.0.0.5' }, pilotAddress: '10.0.0.1:15010', identity: null, stateDir: '/nowhere' }
  return ownPlaces(settingsOf(JSON.stringify({ ...minimal, ...parts }), { file: '/settings.json', env: {} })).map(
    ({ address, port }) => `${address} ${port}`,
  )
}

test('doors, pilot and CA are own places, by address', () => {
  const identity = { caAddress: '[fd00::1]:15012', tokenFile: 'token', rootFile: 'root' }
  expect(placesOf({ identity })).toEqual(['127.0.0.1 15000', '10.0.0.5 15021', '10.0.0.5 15090', '10.0.0.1 15010', 'fd00::1 15012'])
  expect(placesOf({ pilotAddress: 'localhost:15010' }).slice(3)).toEqual(['127.0.0.1 15010', '::1 15010'])
  expect(placesOf({ pilotAddress: 'istiod.istio-system.svc:15012' }).slice(3)).toEqual([])
})
