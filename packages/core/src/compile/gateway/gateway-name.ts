/** `bookinfo-gateway` in `default` → `default/bookinfo-gateway`; `mesh` stays, and so does a name with its namespace. */
export function fullGateway(name: string, namespace: string): string {
  if (name === 'mesh' || name.includes('/')) return name
  const dotted = /^([^.]+)\.([^.]+)(?:\.svc\.cluster\.local)?$/.exec(name)
  return dotted === null ? `${namespace}/${name}` : `${dotted[2]}/${dotted[1]}`
}
