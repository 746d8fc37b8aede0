import { Option } from 'commander'
import { FORMATS } from './print.ts'

/** `-o json|yaml`. */
export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to print').choices(FORMATS).default('table')
}

/** `-n`. */
export function namespaceOption(): Option {
  return new Option('-n, --namespace <namespace>', 'namespace to look in')
}

/** `--pilot`. */
export function pilotOption(): Option {
  return new Option('--pilot <address>', 'monitoring address of pilot, like 127.0.0.1:15014; else that of the mesh that runs here')
}

/** `-H`, as often as there are headers. */
export function headerOption(): Option {
  return new Option('-H, --header <name: value>', 'a request header')
    .argParser((header: string, all: string[]) => [...all, header])
    .default([], 'none')
}
