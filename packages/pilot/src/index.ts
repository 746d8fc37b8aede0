export { processLog, type Log, type LogLevel } from './log.ts'
export { parseSettings, readSettings, type PilotSettings } from './settings.ts'
export { startPilot, type Pilot } from './start-pilot.ts'
