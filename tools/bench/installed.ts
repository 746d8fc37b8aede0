import { execFileSync } from 'node:child_process'

/** Whether a program is on PATH. */
export function installed(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What a program prints, on either stream, and the part of it that is wanted. */
export function printed(command: string, wanted: RegExp): string {
  const text = execFileSync('sh', ['-c', `${command} 2>&1`], { encoding: 'utf8' })
  return wanted.exec(text)?.slice(1).join(', ') ?? 'unknown'
}
