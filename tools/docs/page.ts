/** A page that is made from the program, and must be what the program says. */
export interface Page {
  /** From the root of the repository. */
  readonly file: string
  readonly text: string
}

/** A page of Markdown with a note that nobody should write in it. */
export function markdownPage(file: string, from: string, parts: readonly string[]): Page {
  const note = `<!-- Made by \`npm run docs\` from ${from}. -->`
  return { file, text: `${[note, ...parts.map((part) => part.trim())].filter((part) => part !== '').join('\n\n')}\n` }
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

export function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
