export { createMesh } from './mesh/create-mesh.ts'
export type { ExplainRequest, Mesh, MeshConfigInput, MeshOptions, MeshSelf, OutboundPath } from './mesh/mesh.ts'
