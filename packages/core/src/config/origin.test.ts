import { expect, test } from 'vitest'
import { originName, originPlace } from './origin.ts'

const reviews = { kind: 'VirtualService', namespace: 'default', name: 'reviews' }

test('an origin is shown by its file, line and column', () => {
  expect(originPlace({ ...reviews, file: 'reviews.yaml', line: 12, column: 9 })).toBe('reviews.yaml:12:9')
  expect(originPlace({ ...reviews, file: 'reviews.yaml' })).toBe('reviews.yaml')
})

test('an origin without a file is shown by the name of its object', () => {
  expect(originPlace(reviews)).toBe('VirtualService default/reviews')
  expect(originName({ ...reviews, namespace: '' })).toBe('VirtualService reviews')
})

test('an object without a name is called by its kind', () => {
  expect(originName({ kind: 'Object', namespace: 'default', name: '' })).toBe('Object')
})
