/** Every bound of `meshctl top`. */

export const REFRESH_MS = 1000
/** Calls that are kept; of more the window becomes shorter. */
export const MAX_WINDOW_CALLS = 100_000
