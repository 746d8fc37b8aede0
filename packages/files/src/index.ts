export { startFileSource, type FileLog, type FileSource, type FileSourceOptions } from './file-source.ts'
