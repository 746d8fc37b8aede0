/**
 * What one setting may be. Settings of a process are few and flat, and each process reads its own before all else:
 * these shapes do for them, and need nothing loaded.
 */
export interface Shape<T> {
  /** The value in use; where it does not fit, a sentence that begins with the place `at` is added to `faults`. */
  readonly read: (value: unknown, at: string, faults: string[]) => T | undefined
}

export type ShapeOf<S> = S extends Shape<infer T> ? T : never

/** An object that has these fields and no others. */
export function fields<F extends Readonly<Record<string, Shape<unknown>>>>(shapes: F): Shape<{ readonly [K in keyof F]: ShapeOf<F[K]> }> {
  return {
    read(value, at, faults) {
      if (!isObject(value)) return refuse(value, at, faults, 'write an object')
      for (const name of Object.keys(value)) if (!Object.hasOwn(shapes, name)) faults.push(`${inside(at, name)}: there is no such setting`)
      const read = Object.entries(shapes).map(([name, shape]) => [name, shape.read(value[name], inside(at, name), faults)])
      return Object.fromEntries(read) as { readonly [K in keyof F]: ShapeOf<F[K]> }
    },
  }
}

/** A text that is not empty and, where it is asked, `fits`; `advice` says what to write. */
export function text(fits: (text: string) => boolean = () => true, advice = 'write a text'): Shape<string> {
  return checked((value): value is string => typeof value === 'string' && value !== '' && fits(value), advice)
}

/** Any texts by name. */
export function texts(): Shape<Readonly<Record<string, string>>> {
  return checked(
    (value): value is Record<string, string> => isObject(value) && Object.values(value).every((one) => typeof one === 'string'),
    'write an object of texts',
  )
}

/** A whole number within these bounds. */
export function whole(least: number, most: number): Shape<number> {
  const within = (value: unknown): value is number => Number.isInteger(value) && least <= Number(value) && Number(value) <= most
  return checked(within, `write a whole number from ${least} to ${most}`)
}

export function flag(): Shape<boolean> {
  return checked((value) => typeof value === 'boolean', 'write true or false')
}

export function oneOf<const V extends string>(...values: readonly V[]): Shape<V> {
  return checked((value): value is V => values.some((one) => one === value), `write one of ${values.join(', ')}`)
}

/** A list whose length is within these bounds. */
export function listOf<T>(shape: Shape<T>, least = 0, most = Infinity): Shape<readonly T[]> {
  return {
    read(value, at, faults) {
      if (!Array.isArray(value)) return refuse(value, at, faults, 'write a list')
      if (value.length < least) return refuse(value, at, faults, `write at least ${least}`)
      if (value.length > most) return refuse(value, at, faults, `write at most ${most}`)
      return value.map((one: unknown, index) => shape.read(one, inside(at, String(index)), faults)) as readonly T[]
    },
  }
}

/** May be left out. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { read: (value, at, faults) => (value === undefined ? undefined : shape.read(value, at, faults)) }
}

/** May be left out; the value, written as in the file, then stands in. */
export function orElse<T>(shape: Shape<T>, value: unknown): Shape<T> {
  return { read: (given, at, faults) => shape.read(given === undefined ? value : given, at, faults) }
}

/** Must be said, if only as null. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return { read: (value, at, faults) => (value === null ? null : shape.read(value, at, faults)) }
}

function checked<T>(fits: (value: unknown) => value is T, advice: string): Shape<T> {
  return { read: (value, at, faults) => (fits(value) ? value : refuse(value, at, faults, advice)) }
}

function refuse(value: unknown, at: string, faults: string[], advice: string): undefined {
  faults.push(`${at === '' ? 'settings' : at}: ${value === undefined ? 'is missing; ' : ''}${advice}`)
  return undefined
}

function inside(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
