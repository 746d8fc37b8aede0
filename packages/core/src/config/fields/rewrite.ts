/** How an old spelling becomes the one of today; the text around it stays. */
export type Rewrite =
  /** The field has another name; `within`: its value moves one step deeper, below that name. */
  | { readonly kind: 'rename'; readonly to: string; readonly within?: string }
  /** The value has another word. */
  | { readonly kind: 'value'; readonly to: string }
  /** The field says nothing, and goes. */
  | { readonly kind: 'remove' }
