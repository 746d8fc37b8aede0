export { parseSettings, settingsFile } from './settings.ts'
export { z } from 'zod'
