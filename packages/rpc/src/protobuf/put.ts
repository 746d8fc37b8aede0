/** Sets an entry of a map whose keys come from outside: `__proto__` is a key like any other. */
export function put(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
  else map[key] = value
}
