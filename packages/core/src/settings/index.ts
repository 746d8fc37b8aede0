export { endpoint, port } from './network-shapes.ts'
export { parseSetting, parseSettings, settingsFile } from './parse-settings.ts'
export { fields, flag, listOf, oneOf, optional, orElse, orNull, text, texts, whole, type Shape, type ShapeOf } from './shape.ts'
