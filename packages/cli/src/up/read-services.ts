import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { ServedPort, ServiceFacts } from './services.ts'

/**
 * The Services of the mesh's configuration folders, as far as they can be read.
 * Pilot validates and reports; here only the ports of gateways and taken ports matter.
 */
export function readServices(folders: readonly string[]): readonly ServiceFacts[] {
  return folders.flatMap(yamlFilesOf).flatMap((file) => servicesIn(readFileSync(file, 'utf8')))
}

function yamlFilesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

function servicesIn(text: string): readonly ServiceFacts[] {
  if (!/\bService\b/.test(text)) return []
  return parseAllDocuments(text).flatMap((document) => (document.errors.length > 0 ? [] : factsOf(document.toJS())))
}

function factsOf(value: unknown): readonly ServiceFacts[] {
  if (!isObject(value)) return []
  if (Array.isArray(value['items']) && String(value['kind']).endsWith('List')) return value['items'].flatMap(factsOf)
  const { kind, metadata, spec } = value
  if (kind !== 'Service' || !isObject(metadata) || !isObject(spec)) return []
  const ports = Array.isArray(spec['ports']) ? spec['ports'].filter(isObject) : []
  return [
    {
      namespace: typeof metadata['namespace'] === 'string' ? metadata['namespace'] : 'default',
      selector: isObject(spec['selector'])
        ? Object.fromEntries(Object.entries(spec['selector']).map(([key, text]) => [key, String(text)]))
        : {},
      ports: ports.map(portOf).filter((port) => port !== undefined),
    },
  ]
}

function portOf(port: Record<string, unknown>): ServedPort | undefined {
  const number = port['port']
  if (typeof number !== 'number') return undefined
  const target = port['targetPort']
  return { name: typeof port['name'] === 'string' ? port['name'] : '', port: number, target: typeof target === 'number' ? target : number }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
