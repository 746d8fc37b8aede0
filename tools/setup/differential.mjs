import { runTool } from './tool.mjs'

await runTool('tools/safety/differential/main.ts')
