import type { z } from 'zod'

/** Reads a settings file's JSON text by its schema; throws an Error whose message names the file, the field and the fix. */
export function parseSettings<Schema extends z.ZodType>(schema: Schema, text: string, file: string): z.output<Schema> {
  const result = schema.safeParse(parseJson(text, file))
  if (result.success) return result.data
  const sentences = result.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`)
  throw new Error(`${file}: ${sentences.join('; ')}`)
}

/** The file that `--settings FILE` or MESH_SETTINGS names; throws an Error when neither does. */
export function settingsFile(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): string {
  const flag = argv.indexOf('--settings')
  const file = flag >= 0 ? argv[flag + 1] : env['MESH_SETTINGS']
  if (file === undefined || file === '') throw new Error('Say where the settings are: --settings FILE or MESH_SETTINGS=FILE.')
  return file
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
