// What a process needs to have an identity: no certificate library is loaded for it.
export { svidFromCa, type CaClientOptions } from './ca-client.ts'
export { createKeyAndCsr, type KeyAndCsr } from './key-and-csr.ts'
export { certificatePem, certificatesOf } from './pem.ts'
export { startSvidSource, type IdentitySettings } from './start-svid-source.ts'
export { keepSvid, type ObtainSvid, type SvidSourceOptions } from './svid-source.ts'
export { verifyChain, type VerifyOptions } from './verify-chain.ts'
