import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.ts'

const FILES = ['gateway.yaml', 'routes.yaml', 'services.yaml', 'mesh.yaml']

/** A file of the sample of a proxy on its own. */
export const sample = (name: string): string => readFileSync(join(ROOT, 'samples/standalone', name), 'utf8')

/** Puts files of the sample into a folder, its ports replaced. */
export function useSample(folder: string, ports: Readonly<Record<string, number>>): void {
  for (const name of FILES) writeFileSync(join(folder, name), withPorts(sample(name), ports))
}

export function withPorts(text: string, ports: Readonly<Record<string, number>>): string {
  return Object.entries(ports).reduce((changed, [from, to]) => changed.replaceAll(from, String(to)), text)
}
