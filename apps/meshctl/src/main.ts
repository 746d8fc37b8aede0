#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runMeshctl } = await import('@mesh/cli')
process.exitCode = await runMeshctl(process.argv.slice(2), { appsDir: new URL('../../', import.meta.url) })
