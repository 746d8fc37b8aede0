export { readCsr, type Csr, type ReadCsr } from './csr.ts'
export { createRoot, issueLeaf, type Issued, type LeafRequest, type Signer } from './issue.ts'
export { attestedAtMs } from './serial.ts'
export * from './svid.ts'
