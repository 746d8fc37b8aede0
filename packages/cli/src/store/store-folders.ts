import { join } from 'node:path'
import type { FoundMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

/** Where a mesh keeps its objects. */
export interface StoreFolders {
  /** Kept by people, and by meshctl in their `applied` folder; the first takes what is new. */
  readonly config: readonly [string, ...(readonly string[])]
  /** Kept by the supervisor. */
  readonly registry: string
  /** Where meshctl puts what it creates. */
  readonly applied: string
}

/** The folders of the mesh that runs here. */
export function storeFolders({ dir, run }: FoundMesh): StoreFolders {
  const [first, ...more] = run.configDirs ?? []
  if (first === undefined)
    throw new CommandFailure(EXIT.unreachable, 'The running mesh does not say where its configuration is: start it anew with `meshctl up`.')
  return { config: [first, ...more], registry: join(dir, '.mesh/registry'), applied: join(first, 'applied') }
}
