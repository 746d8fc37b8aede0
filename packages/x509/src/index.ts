export { readCsr, type Csr, type ReadCsr } from './csr.ts'
export { createRoot, issueLeaf, type Issued, type LeafRequest, type Signer } from './issue.ts'
export * from './svid.ts'
