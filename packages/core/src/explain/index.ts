export { explain } from './explain.ts'
export type { EndpointVerdict, Explanation, Outcome, Question, Share } from './question.ts'
