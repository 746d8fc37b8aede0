export { createBalancer, type Balancer, type BalancerOptions } from './balancer.ts'
export { maxRetries } from './max-retries.ts'
export { roundRobin, type RoundRobin, type RoundRobinOptions, type Turns } from './round-robin.ts'
