/** Past calls of each proxy that are asked for: as many as it remembers. */
export const MAX_PAST = 1000
/** Pages of one proxy taken in one round; what is left comes in the next. */
export const MAX_PAGES = 8
