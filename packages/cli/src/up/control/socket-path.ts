import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_SOCKET_PATH_BYTES } from './limits.ts'

export const SOCKET_NAME = 'control.sock'

/** Where the control socket of a mesh goes: into its own folder, or where that path is too long for a socket, into a new folder of this user alone. */
export function socketPath(root: string): string {
  const near = join(root, SOCKET_NAME)
  return Buffer.byteLength(near) <= MAX_SOCKET_PATH_BYTES ? near : join(mkdtempSync(join(tmpdir(), 'mesh-')), SOCKET_NAME)
}
