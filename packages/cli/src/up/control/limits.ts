/** Every bound of the supervisor's control socket. */

/** Of a socket's path in bytes: Linux takes 107, macOS 103. */
export const MAX_SOCKET_PATH_BYTES = 100
export const MAX_CONTROL_CONNECTIONS = 16
/** Of a request, which is one line. */
export const MAX_REQUEST_BYTES = 64 * 1024
/** Until a client has sent its request. */
export const REQUEST_TIMEOUT_MS = 5000
/** For answers under way when the socket closes. */
export const CLOSE_GRACE_MS = 2000
/** How long a supervisor that works on a request may say nothing. */
export const MAX_SILENCE_MS = 180_000
