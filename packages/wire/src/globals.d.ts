/** The web globals that pure code may use. */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}
