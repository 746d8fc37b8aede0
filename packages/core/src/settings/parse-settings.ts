import type { Shape } from './shape.ts'

/** Reads a settings file's JSON text by its shape; throws an Error whose message names the file, the field and the fix. */
export function parseSettings<T>(shape: Shape<T>, text: string, file: string): T {
  return read(shape, { value: parseJson(text, file), at: '', where: `${file}: ` })
}

/** Reads one setting that came by another way; `name` is what a person calls it there. */
export function parseSetting<T>(shape: Shape<T>, value: unknown, name: string): T {
  return read(shape, { value, at: name, where: '' })
}

/** The file that `--settings FILE` or MESH_SETTINGS names; throws an Error when neither does. */
export function settingsFile(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): string {
  const flag = argv.indexOf('--settings')
  const file = flag >= 0 ? argv[flag + 1] : env['MESH_SETTINGS']
  if (file === undefined || file === '') throw new Error('Say where the settings are: --settings FILE or MESH_SETTINGS=FILE.')
  return file
}

function read<T>(shape: Shape<T>, from: { readonly value: unknown; readonly at: string; readonly where: string }): T {
  const faults: string[] = []
  const read = shape.read(from.value, from.at, faults)
  if (faults.length > 0) throw new Error(`${from.where}${faults.join('; ')}`)
  return read as T
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
