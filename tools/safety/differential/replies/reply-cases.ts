import { editBytes } from '../../running/edit-bytes.ts'
import { seeded, type Random } from '../../running/random.ts'
import { REPLY_MUTATIONS, type MutateReply } from './mutate-replies.ts'
import { readReply, type ReadReply } from './read-reply.ts'
import { bytesOf, MARK, plainReply, type ReplyDraft } from './reply-draft.ts'

/** What a hostile upstream says to one request. */
export interface ReplyCase {
  readonly index: number
  readonly id: string
  readonly class: string
  readonly variant: string
  readonly method: ReplyDraft['method']
  readonly bytes: Buffer
  readonly end: ReplyDraft['end']
  /** Where the bytes are parted on their way. */
  readonly cuts: readonly number[]
  /** What an ordinary reader makes of it. */
  readonly read: ReadReply | undefined
}

interface Variant {
  readonly name: string
  readonly variant: string
  readonly mutate: MutateReply
}

const VARIANTS: readonly Variant[] = Object.entries(REPLY_MUTATIONS).flatMap(([name, variants]) =>
  Object.entries(variants).map(([variant, mutate]) => ({ name, variant, mutate })),
)

const HOWS = ['alone', 'two at once', 'changed bytes'] as const

/** A case of a run. First come all variants once; of the later ones every third has a second mutation, and every third some bytes changed. */
export function makeReplyCase(seed: number, index: number): ReplyCase {
  const random = seeded(seed, index)
  const id = `c${index}`
  const first = VARIANTS[index % VARIANTS.length] as Variant
  const how = index < VARIANTS.length ? 'alone' : random.pick(HOWS)
  const second = random.pick(VARIANTS)
  const draft = plainReply(id)
  first.mutate(draft, random)
  if (how === 'two at once') second.mutate(draft, random)
  const bytes = how === 'changed bytes' ? changed(bytesOf(draft), id, random) : bytesOf(draft)
  const { method, end } = draft
  const cuts = random.once(3) ? [random.whole(bytes.length + 1), random.whole(bytes.length + 1)].toSorted((a, b) => a - b) : []
  const read = readReply(bytes.toString('latin1'), { method, ended: end === 'ends' })
  return { index, id, ...nameOf(how, first, second), method, bytes, end, cuts, read }
}

function nameOf(how: (typeof HOWS)[number], first: Variant, second: Variant): { readonly class: string; readonly variant: string } {
  const full = ({ name, variant }: Variant): string => `${name}: ${variant}`
  if (how === 'alone') return { class: first.name, variant: first.variant }
  return { class: how, variant: how === 'two at once' ? `${full(first)} + ${full(second)}` : full(first) }
}

/** The line by which a case is known stays, where it was. */
function changed(bytes: Buffer, id: string, random: Random): Buffer {
  const mark = `\r\n${MARK}: ${id}\r\n`
  const kept = bytes.includes(mark)
  for (;;) {
    const edited = Buffer.from(editBytes(bytes, random, 2))
    if (!kept || edited.includes(mark)) return edited
  }
}
