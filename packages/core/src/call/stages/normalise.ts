import { normalisePath } from '../path/normalise-path.ts'
import { CONTINUE, type Stage } from '../stage.ts'
import { replyWith } from './reply.ts'

/** Gives routing, authorization and the upstream one and the same path, or refuses it. */
export const normalise: Stage = {
  name: 'normalise',
  onHead({ request, plan }) {
    const { path } = request
    const normal = normalisePath(path, plan.filter.pathNormalization)
    if (normal === undefined) return replyWith(REFUSED)
    if (normal !== path) request.setPath(normal)
    return CONTINUE
  },
}

const REFUSED = { status: 400, flag: undefined, details: 'path_normalization_failed', body: 'the path is malformed' } as const
