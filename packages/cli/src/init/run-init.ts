import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { askFor } from './ask-for.ts'
import { exampleFiles } from './example-files.ts'
import { isOnPath } from './is-on-path.ts'

export interface InitOptions {
  readonly folder: string
  readonly name: string | undefined
  readonly port: number | undefined
  /** Whether a person is there to be asked. */
  readonly ask: boolean
}

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const PORT = /^[1-9]\d{0,4}$/

/** `meshctl init`: writes all files, or none when one of them is there already. */
export async function runInit({ folder, name, port, ask }: InitOptions): Promise<ExitCode> {
  const dir = resolve(folder)
  if (existsSync(join(dir, 'mesh.yaml')))
    throw new CommandFailure(EXIT.negative, `${join(folder, 'mesh.yaml')} is there already: start it with \`meshctl up\`.`)
  if (name !== undefined && !NAME.test(name))
    throw new CommandFailure(EXIT.usage, 'A name is written in lower case letters, digits and dashes.')
  const asked = ask
    ? await askFor([
        ...(name === undefined
          ? [{ question: 'Name of the mesh', fallback: nameOf(dir), valid: NAME, hint: 'lower case letters, digits and dashes' }]
          : []),
        ...(port === undefined
          ? [{ question: 'Port for callers from outside', fallback: '8080', valid: PORT, hint: 'a number from 1 to 65535' }]
          : []),
      ])
    : []
  const files = exampleFiles({
    name: name ?? (ask ? asked[0] : undefined) ?? nameOf(dir),
    port: port ?? Number((ask ? asked.at(-1) : undefined) ?? 8080),
    python: isOnPath('python3', process.env),
    curl: isOnPath('curl', process.env),
  })
  write(dir, files)
  await print(summary(folder, [...files.keys()]))
  return EXIT.ok
}

/** A mesh's name from that of its folder. */
function nameOf(dir: string): string {
  const name = basename(dir)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
  return NAME.test(name) ? name : 'mesh'
}

function write(dir: string, files: ReadonlyMap<string, string>): void {
  const there = [...files.keys()].filter((path) => existsSync(join(dir, path)))
  if (there.length > 0) throw new CommandFailure(EXIT.negative, `Nothing was written, for this is there already: ${there.join(', ')}.`)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text, { flag: 'wx' })
  }
}

function summary(folder: string, paths: readonly string[]): string {
  const shown = relative('.', resolve(folder))
  const app = paths.filter((path) => path.startsWith('app/')).map((path) => path.slice(4))
  return [
    ' mesh.yaml   what runs',
    ` app/        an example: ${app.join(', ')}`,
    " config/     how the mesh treats it: Istio's and Kubernetes' own YAML",
    '',
    ` next        ${shown === '' ? '' : `cd ${shown} && `}meshctl up`,
  ].join('\n')
}
