import { runMeshctl } from '@mesh/cli'

process.exitCode = await runMeshctl(process.argv.slice(2), { appsDir: new URL('../../', import.meta.url) })
