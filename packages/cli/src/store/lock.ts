import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { refuseInterrupted } from './interrupt.ts'
import { STORE_LIMITS } from './limits.ts'

/** Runs while no other meshctl changes the same folder; a lock whose process is gone does not count. */
export async function withLock<Result>(folder: string, run: () => Promise<Result>, interrupt?: AbortSignal): Promise<Result> {
  const path = join(folder, LOCK)
  await take(path, folder, interrupt)
  try {
    return await run()
  } finally {
    rmSync(path, { force: true })
  }
}

const LOCK = '.meshctl.lock'

async function take(path: string, folder: string, interrupt: AbortSignal | undefined): Promise<void> {
  const endMs = performance.now() + STORE_LIMITS.lockWaitMs
  for (refuseInterrupted(interrupt); !create(path, folder); refuseInterrupted(interrupt)) {
    const holder = holderOf(path)
    if (isStale(path, holder)) breakStale(path, holder)
    else if (performance.now() > endMs)
      throw new CommandFailure(
        EXIT.negative,
        `Another meshctl (process ${holder ?? 'unknown'}) is changing ${folder}; ${path} is its lock.`,
      )
    else await sleep(STORE_LIMITS.lockPollMs)
  }
}

/** Whether the file is ours now: creating it fails when it is there. */
function create(path: string, folder: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, `${process.pid}\n`)
    closeSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new CommandFailure(EXIT.negative, `${folder} cannot be changed: ${(error as Error).message}.`)
  }
}

/** Undefined while its holder has not written itself down, and when it has gone. */
function holderOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

/** Its process is gone, or went before it could write itself down. */
function isStale(path: string, holder: number | undefined): boolean {
  return holder === undefined ? ageMs(path) > STORE_LIMITS.breakLockMs : !isAlive(holder)
}

function ageMs(path: string): number {
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  return made === undefined ? 0 : Date.now() - made
}

/** Of several who find the same stale lock one removes it, so that none removes the fresh lock of another. */
function breakStale(path: string, holder: number | undefined): void {
  const guard = `${path}.stale`
  if (!createGuard(guard)) return
  try {
    if (holderOf(path) === holder) rmSync(path, { force: true })
  } finally {
    rmSync(guard, { force: true })
  }
}

function createGuard(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600))
    return true
  } catch {
    if (ageMs(path) > STORE_LIMITS.breakLockMs) rmSync(path, { force: true })
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
