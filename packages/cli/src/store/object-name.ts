/** `VirtualService/default/reviews` → `VirtualService default/reviews`: how people name an object. */
export function nameOfKey(key: string): string {
  const [kind = '', namespace = '', name = ''] = key.split('/')
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`
}
