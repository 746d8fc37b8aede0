/** Every bound of `meshctl logs`. */

/** Read from the ends of all files together, and of each at least. */
export const MAX_READ_BYTES = 64 * 1024 * 1024
export const MIN_FILE_BYTES = 256 * 1024
/** Of the supervisor's notes about one log, which keeps them within half of that. */
export const MAX_TIMES_BYTES = 2 * 1024 * 1024
/** A line that has no end after this is shown in pieces. */
export const MAX_LINE_CHARACTERS = 256 * 1024
/** How often `--follow` looks for new bytes, and every how many looks for new files and for the end of the mesh. */
export const FOLLOW_POLL_MS = 100
export const LOOK_AROUND_EVERY = 5
/** Lines of each log with which `--follow` begins, unless it is told otherwise. */
export const FOLLOW_TAIL = 10
