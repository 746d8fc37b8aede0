/** One page of a proxy's configuration: rows for people, items for programs. */
export interface Listing<Item> {
  readonly heads: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly items: readonly Item[]
}
