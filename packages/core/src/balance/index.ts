export { createBalancer, type Balancer, type BalancerOptions } from './balancer.ts'
export { roundRobin, type RoundRobin } from './round-robin.ts'
