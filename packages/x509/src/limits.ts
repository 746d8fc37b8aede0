export const MAX_CSR_BYTES = 16 * 1024
export const MIN_RSA_BITS = 2048
/** Larger keys, and larger exponents, make everybody who checks a signature of theirs work. */
export const MAX_RSA_BITS = 4096
export const MAX_RSA_EXPONENT = 2n ** 32n
/** Names that a certificate request may ask for. */
export const MAX_CSR_NAMES = 16
/** Certificates in a chain that is verified. */
export const MAX_CHAIN_LENGTH = 8
/** How far clocks may differ: certificates begin this much earlier than they are made. */
export const BACKDATE_MS = 120_000
/** Pauses between tries to get a certificate. */
export const RETRY_BASE_MS = 250
export const RETRY_MAX_MS = 30_000
/** How long one try may take. */
export const SIGN_DEADLINE_MS = 10_000
export const MAX_TOKEN_BYTES = 16 * 1024
