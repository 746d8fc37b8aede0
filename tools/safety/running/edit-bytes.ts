import type { Random } from './random.ts'

const TRICKY = [...'\r\n\t\0 :;,="\\#@/?*0aAfFx.-_%'].map((char) => char.charCodeAt(0))
const MAX_RUN = 8

/** A copy with a few bytes put in, taken out, changed or repeated. */
export function editBytes(bytes: Uint8Array, random: Random, most = 4): Uint8Array {
  const out = [...bytes]
  for (let left = 1 + random.whole(most); left > 0; left--) {
    const at = random.whole(out.length + 1)
    const code = random.once(2) ? random.pick(TRICKY) : random.whole(256)
    const how = random.whole(4)
    if (how === 0) out.splice(at, 0, code)
    else if (how === 1) out.splice(at, 1 + random.whole(MAX_RUN))
    else if (how === 2) out.splice(at, 0, ...out.slice(at, at + 1 + random.whole(MAX_RUN)))
    else if (at < out.length) out[at] = code
  }
  return Uint8Array.from(out)
}
