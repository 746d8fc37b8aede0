import type { DescMessage, DescMethod, DescService, MethodKind } from './message.ts'

type Rpcs = Readonly<Record<string, { readonly methodKind: MethodKind; readonly input: DescMessage; readonly output: DescMessage }>>

/** A service of the generated code; methods by their names in JavaScript, which begin in lower case. */
export function service<const R extends Rpcs>(
  typeName: string,
  rpcs: R,
): DescService<{ readonly [K in keyof R]: DescMethod<R[K]['input'], R[K]['output'], R[K]['methodKind']> }> {
  const method = Object.fromEntries(
    Object.entries(rpcs).map(([localName, rpc]) => [
      localName,
      { service: typeName, name: localName.charAt(0).toUpperCase() + localName.slice(1), localName, ...rpc },
    ]),
  )
  return { typeName, method: method as never }
}
