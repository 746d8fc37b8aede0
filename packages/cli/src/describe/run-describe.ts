import { findObjects, type FindOptions } from '../get/find-objects.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { nameOfKey } from '../store/object-name.ts'
import { descriptionOf } from './description.ts'

/** `meshctl describe`: objects for people, with their status in full. */
export async function runDescribe(options: FindOptions): Promise<ExitCode> {
  const { objects, missing } = await findObjects(options)
  for (const key of missing) process.stderr.write(`${nameOfKey(key)} not found.\n`)
  if (objects.length > 0) await print(objects.map(descriptionOf).join('\n\n'))
  else if (missing.length === 0)
    process.stderr.write(`No objects found${options.allNamespaces ? '' : ` in namespace ${options.namespace}`}.\n`)
  return missing.length === 0 ? EXIT.ok : EXIT.negative
}
