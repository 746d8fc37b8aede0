export { startCa, type Ca } from './service.ts'
export { readSettings, type CaSettings } from './settings.ts'
