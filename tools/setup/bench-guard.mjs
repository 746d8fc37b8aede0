import { runTool } from './tool.mjs'

await runTool('tools/bench/guard/guard-main.ts')
