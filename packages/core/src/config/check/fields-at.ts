import type { z } from 'zod'

/** The names of the fields that a schema knows at a path; none where it takes any. */
export function fieldsAt(schema: z.ZodType, path: readonly (string | number)[]): readonly string[] {
  let node: Node | undefined = unwrap(schema as unknown as Node)
  for (const part of path) node = node === undefined ? undefined : unwrap(below(node, part))
  return Object.keys(node?._zod.def.shape ?? {})
}

interface Node {
  readonly _zod: {
    readonly def: {
      readonly shape?: Readonly<Record<string, Node>>
      readonly element?: Node
      readonly valueType?: Node
      readonly innerType?: Node
    }
  }
}

function unwrap(node: Node | undefined): Node | undefined {
  let inner = node
  while (inner?._zod.def.innerType !== undefined) inner = inner._zod.def.innerType
  return inner
}

function below(node: Node, part: string | number): Node | undefined {
  const { shape, element, valueType } = node._zod.def
  if (shape !== undefined) return Object.hasOwn(shape, part) ? shape[part] : undefined
  return element ?? valueType
}
