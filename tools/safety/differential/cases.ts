import { editBytes } from '../running/edit-bytes.ts'
import { seeded, type Random } from '../running/random.ts'
import { bytesOf, plainDraft } from './draft.ts'
import { MUTATIONS, type Mutate } from './mutations.ts'

/** One odd request, and a plain one behind it by which one can tell where the odd one ended. */
export interface Case {
  readonly index: number
  readonly id: string
  readonly class: string
  readonly variant: string
  readonly bytes: Buffer
}

type Variant = { readonly name: string; readonly variant: string; readonly mutate: Mutate }

const VARIANTS: readonly Variant[] = Object.entries(MUTATIONS).flatMap(([name, variants]) =>
  Object.entries(variants).map(([variant, mutate]) => ({ name, variant, mutate })),
)

/** What everybody understands as it is, so that changed bytes are what makes it odd. */
const HARMLESS = VARIANTS.filter(({ name }) => ['plain', 'pipelined', 'connection', 'expect'].includes(name))

/** A case of a run. First come all variants once; of the later ones every third has a second mutation, and every third some bytes changed. */
export function makeCase(seed: number, index: number): Case {
  const random = seeded(seed, index)
  const id = `c${index}`
  const own = VARIANTS[index % VARIANTS.length] as Variant
  const how = index < VARIANTS.length ? 'alone' : random.pick(HOWS)
  const first = how === 'changed bytes' && !random.once(3) ? random.pick(HARMLESS) : own
  const second = random.pick(VARIANTS)
  const draft = plainDraft(id, 'first')
  first.mutate(draft, random)
  if (how === 'two at once') second.mutate(draft, random)
  const bytes = how === 'changed bytes' ? changed(bytesOf(draft), id, random) : bytesOf(draft)
  return { index, id, ...NAMES[how](first, second), bytes: Buffer.concat([bytes, bytesOf(plainDraft(id, 'last'))]) }
}

const HOWS = ['alone', 'two at once', 'changed bytes'] as const
const NAMES: Readonly<
  Record<(typeof HOWS)[number], (first: Variant, second: Variant) => { readonly class: string; readonly variant: string }>
> = {
  alone: (first) => ({ class: first.name, variant: first.variant }),
  'two at once': (first, second) => ({ class: 'two at once', variant: `${full(first)} + ${full(second)}` }),
  'changed bytes': (first) => ({ class: 'changed bytes', variant: full(first) }),
}

function full({ name, variant }: Variant): string {
  return `${name}: ${variant}`
}

/** The lines by which a case is known stay. */
function changed(bytes: Buffer, id: string, random: Random): Buffer {
  const marks = (text: Buffer): number => text.toString('latin1').split(`\r\nUser-Agent: ${id} ${id} ${id}\r\n`).length
  for (;;) {
    const edited = Buffer.from(editBytes(bytes, random, 2))
    if (marks(edited) >= marks(bytes)) return edited
  }
}
