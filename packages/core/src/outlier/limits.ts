/** Every bound of outlier ejection. */
export const OUTLIER_LIMITS = {
  /** Clusters whose endpoints are watched. */
  clusters: 16_384,
  /** Endpoints that are watched, of all clusters together; more of them are never ejected. */
  hosts: 65_536,
  /** The least time between two looks at who may come back, whatever a rule says. */
  minIntervalMs: 10,
  /** The most. */
  maxIntervalMs: 2 ** 30,
  /** An ejection lasts no longer, whatever a rule says: times are told apart within twice this. */
  maxEjectionMs: 2 ** 30,
} as const
