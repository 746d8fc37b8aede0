import { z } from '@mesh/core/schema'
import { askJson } from '../mesh/ask.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

const NamedProxy = z.object({ name: z.string(), reason: z.string() })

const Condition = z.looseObject({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() })

const ValidationMessage = z.looseObject({
  type: z.object({ code: z.string() }),
  level: z.string(),
  message: z.string(),
  place: z.string().optional(),
})

const Status = z.looseObject({
  observedGeneration: z.number().optional(),
  conditions: z.array(Condition),
  validationMessages: z.array(ValidationMessage).optional(),
  proxies: z.object({ concerned: z.number(), serving: z.number(), lagging: z.array(NamedProxy), refused: z.array(NamedProxy) }),
})

const KnownObject = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  version: z.string().optional(),
  generation: z.number().optional(),
  status: Status,
})

const Page = z.object({ objects: z.array(KnownObject), next: z.string().optional() })

/** An object as pilot knows it: which content of it is in force, and what became of that. */
export type KnownObject = z.infer<typeof KnownObject>

/** Objects by `KIND/NAMESPACE/NAME`, as pilot tells them at `/debug/objects`; `query` narrows them. */
export async function knownObjects(pilot: string, query: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, KnownObject>> {
  const found = new Map<string, KnownObject>()
  for (let after: string | undefined = ''; after !== undefined;) {
    const asked = new URLSearchParams({ ...query, ...(after === '' ? {} : { after }) })
    const page = Page.safeParse(await askJson(`${pilot}/debug/objects?${asked}`, 'Pilot'))
    if (!page.success) throw new CommandFailure(EXIT.unreachable, 'Pilot answers /debug/objects in a form that this meshctl does not know.')
    for (const one of page.data.objects) found.set(`${one.kind}/${one.namespace}/${one.name}`, one)
    after = page.data.next
  }
  return found
}
