import { lstatSync, type Stats } from 'node:fs'
import { userInfo } from 'node:os'

/** Whether a folder is this user's, and nobody else can put something into it; throws where there is none. */
export function isOurFolder(path: string): boolean {
  const found = lstatSync(path)
  return found.isDirectory() && isOurs(found)
}

/** Whether a file is this user's, and nobody else can write to it; throws where there is none. */
export function isOurFile(path: string): boolean {
  const found = lstatSync(path)
  return found.isFile() && isOurs(found)
}

/** Windows has neither owners nor modes here. */
function isOurs({ mode, uid }: Stats): boolean {
  return process.platform === 'win32' || ((mode & 0o022) === 0 && uid === userInfo().uid)
}
