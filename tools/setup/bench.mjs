import { runTool } from './tool.mjs'

await runTool('tools/bench/main.ts')
