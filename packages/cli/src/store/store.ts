import { sep } from 'node:path'
import { loadSources, type ConfigObject } from '@mesh/core/config'
import { idKey, locateObjects, type LocatedObject, type UnreadablePart } from '@mesh/core/edit'
import { objectVersion } from '@mesh/core/snapshot'
import { configFiles, isLink, realPathOf, textOf } from './config-files.ts'
import type { StoreFolders } from './store-folders.ts'

/** A file of a mesh's configuration. */
export interface StoreFile {
  readonly path: string
  /** Links followed. */
  readonly realPath: string
  /** Other paths that lead to the same file. */
  readonly links: readonly string[]
  readonly text: string
  /** Who keeps it: people, meshctl, or the supervisor. */
  readonly keeper: 'people' | 'meshctl' | 'supervisor'
  readonly objects: readonly StoredObject[]
  /** Parts that are no readable YAML. */
  readonly unreadable: readonly UnreadablePart[]
}

/** An object where it stands. */
export interface StoredObject {
  /** `KIND/NAMESPACE/NAME`. */
  readonly key: string
  readonly located: LocatedObject
  /** Absent when it is not valid. */
  readonly object?: ConfigObject
  /** The name of its content; absent when it is not valid. */
  readonly version?: string
}

/** All objects of a mesh at one moment, by their files, in the order in which pilot reads them. */
export interface Store {
  readonly files: readonly StoreFile[]
}

/** An object with the file that it stands in. */
export interface Place {
  readonly file: StoreFile
  readonly stored: StoredObject
}

export function readStore(folders: StoreFolders): Store {
  return { files: readTexts(folders).map((file) => storeFile(file, folders)) }
}

/** A file as it is on disk. */
export type FileText = Pick<StoreFile, 'path' | 'realPath' | 'links' | 'text'>

/** The files of a store alone, each once however many paths lead to it, in the order in which pilot reads them. */
export function readTexts(folders: StoreFolders): readonly FileText[] {
  const paths = [...folders.config.flatMap((folder) => configFiles(folder)), ...configFiles(folders.registry)]
  const files = Map.groupBy(new Set(paths.sort()), realPathOf)
  const read = [...files].flatMap(([realPath, same]) => {
    const [path, ...links] = same.sort((left, right) => Number(isLink(left)) - Number(isLink(right)))
    const text = path === undefined ? undefined : textOf(path)
    return path === undefined || text === undefined ? [] : { path, realPath, links, text }
  })
  return read.sort((left, right) => (left.path < right.path ? -1 : 1))
}

/** What a text holds, as a file of the store. */
export function storeFile(file: FileText, folders: StoreFolders): StoreFile {
  const { path, text } = file
  const { objects, unreadable } = locateObjects(text)
  return {
    ...file,
    keeper: keeperOf(path, folders),
    unreadable,
    objects: storedObjects(path, text, objects),
  }
}

/** Everywhere an object stands; the one in force, or else the first, comes first. */
export function placesOf({ files }: Store, key: string): readonly Place[] {
  const all = files.flatMap((file) => file.objects.flatMap((stored) => (stored.key === key ? { file, stored } : [])))
  const inForce = all.find(({ stored }) => stored.object !== undefined)
  return inForce === undefined ? all : [inForce, ...all.filter((place) => place !== inForce)]
}

/** The objects of a text, each with what validation makes of it. */
export function storedObjects(file: string, text: string, located: readonly LocatedObject[]): readonly StoredObject[] {
  const valid = new Map(loadSources([{ file, text }]).objects.map((object) => [`${object.origin.line}:${object.origin.column}`, object]))
  return located.map((one) => {
    const object = valid.get(`${one.line}:${one.column}`)
    return { key: idKey(one), located: one, ...(object === undefined ? {} : { object, version: objectVersion(object) }) }
  })
}

function keeperOf(path: string, { applied, registry }: StoreFolders): StoreFile['keeper'] {
  if (path.startsWith(registry + sep)) return 'supervisor'
  return path.startsWith(applied + sep) ? 'meshctl' : 'people'
}
