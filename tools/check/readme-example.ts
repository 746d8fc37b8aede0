/** The first block of JavaScript of a README. */
export function exampleOf(markdown: string): string | undefined {
  return /^```(?:js|ts)\n([\s\S]*?)^```$/m.exec(markdown)?.[1]
}

/** The same program for CommonJS: static imports become require, and what awaits moves into a function. */
export function requiring(program: string): string {
  const imports: string[] = []
  const rest = program.replaceAll(
    /^import\s+(?:(\{[\s\S]*?\})|(\w+)|\*\s+as\s+(\w+))\s+from\s+(['"][^'"]+['"]);?$/gm,
    (_, names, name, all, from) => {
      const bound = typeof names === 'string' ? names.replaceAll(/\b(\w+)\s+as\s+(\w+)/g, '$1: $2') : String(name ?? all)
      imports.push(`const ${bound} = require(${String(from)})`)
      return ''
    },
  )
  return `${imports.join('\n')}\nasync function main() {\n${rest}\n}\nmain().catch((error) => {\n  console.error(error)\n  process.exitCode = 1\n})\n`
}
