export { runMeshctl, type MeshctlOptions } from './run-meshctl.ts'
