export { startCollector, type Collector } from './service.ts'
export { readSettings, type CollectorSettings } from './settings.ts'
