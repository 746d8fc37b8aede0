export const SHELLS = ['sh', 'fish', 'powershell', 'dotenv'] as const
export type Shell = (typeof SHELLS)[number]

/** Variables as commands of a shell, or as the lines of a file for debuggers and containers. */
export function shellText(shell: Shell, variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${LINES[shell](name, value)}\n`)
    .join('')
}

const LINES: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  sh: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  fish: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`,
  powershell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
  dotenv: (name, value) => `${name}=${/^[\w@%+:,./-]*$/.test(value) ? value : JSON.stringify(value)}`,
}
