export { RESOURCE_TYPES, TYPE_URLS, type ResourceType } from './resource-type.ts'
export type { Rejection, Resource } from './resource.ts'
export { decodeView, encodeView, type Resources } from './view-codec.ts'
