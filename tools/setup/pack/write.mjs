import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packFile, writePack } from './format.cjs'
import { PackWriter } from './pack-writer.mjs'
import { Packed } from './packed.cjs'

/** Makes the pack of the checkout that is its argument, of all binaries. */
const [root = process.cwd()] = process.argv.slice(2)

const binaries = readdirSync(join(root, 'apps')).map((name) => `apps/${name}/src/main.ts`)
const starts = binaries.filter((path) => existsSync(join(root, path)))
const writer = new PackWriter(root)
const places = []
for (const path of starts) places.push(await writer.add(pathToFileURL(join(root, path)).href))
const pack = writer.done()
const packed = new Packed(pack, root)
for (const place of places) packed.link(place)
writePack(packFile(root, process.version), pack)
