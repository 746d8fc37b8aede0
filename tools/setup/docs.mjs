import { runTool } from './tool.mjs'

await runTool('tools/docs/main.ts')
