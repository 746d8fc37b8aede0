import { registerHooks } from 'node:module'
import { fastIo } from '@mesh/io/fast'

/** Whoever asks for koffi gets another module: prints what the plug says then. */
const other = process.argv[2] ?? ''
registerHooks({ resolve: (specifier, context, next) => next(specifier === 'koffi' ? other : specifier, context) })
try {
  fastIo({ onFault: () => undefined, binding: 'koffi' })
  process.stdout.write('had')
} catch (error) {
  process.stdout.write(String(error))
}
