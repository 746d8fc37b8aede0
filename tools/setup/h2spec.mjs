import { runTool } from './tool.mjs'

await runTool('tools/safety/h2spec/main.ts')
