export { compileEndpoints } from './compile-endpoints.ts'
export { compileView } from './compile-view.ts'
export { nodesOf, workloadsOf, type NodeDefaults } from './nodes.ts'
export type { Report } from './report.ts'
