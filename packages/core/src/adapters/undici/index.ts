export { undiciTransport, type UndiciTransport } from './undici-transport.ts'
