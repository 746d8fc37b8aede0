import { runTool } from './tool.mjs'

await runTool('tools/safety/soak/main.ts')
