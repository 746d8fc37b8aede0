import { runTool } from './tool.mjs'

await runTool('tools/check/main.ts')
