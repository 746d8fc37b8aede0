import { runTool } from './tool.mjs'

await runTool('tools/safety/fuzz/main.ts')
