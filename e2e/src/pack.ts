import { ensurePack } from '../../tools/setup/pack/ensure.mjs'
import { ROOT } from './root.ts'

/** The processes of the tests start as those of a user do: from the pack of the sources. */
export function setup(): void {
  const failure = ensurePack(ROOT, { node: process.execPath, version: process.version })
  if (failure !== undefined) throw new Error(failure)
}
