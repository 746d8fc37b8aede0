type Labels = Readonly<Record<string, string>>

/** Whether labels carry all that a selector asks for; an empty selector selects everything. */
export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
}

export function isEmpty(selector: Labels | undefined): boolean {
  return selector === undefined || Object.keys(selector).length === 0
}
