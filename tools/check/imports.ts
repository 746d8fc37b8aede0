export interface Import {
  readonly specifier: string
  /** From 1. */
  readonly line: number
}

const FORMS = [
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  /\brequire\(\s*['"]([^'"]+)['"]\s*\)/g,
  /\bgetBuiltinModule\(\s*['"]([^'"]+)['"]\s*\)/g,
]

/** Every module that a TypeScript source names: imports and re-exports, of types too, dynamic imports, `import('x').T`, require and getBuiltinModule. */
export function importsOf(source: string): readonly Import[] {
  const text = withoutComments(source)
  return FORMS.flatMap((form) =>
    [...text.matchAll(form)].map((match) => ({
      specifier: match[1] ?? '',
      line: text.slice(0, match.index + match[0].length).split('\n').length,
    })),
  )
}

/** Comments become blanks, so that lines keep their numbers. */
function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ' '))
}
