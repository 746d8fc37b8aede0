import type { Command } from 'commander'

export interface UpCommandOptions {
  /** Folder in which each binary of the mesh has its own. */
  readonly appsDir: URL
  /** Takes the exit code. */
  readonly exit: (code: number) => void
}

/** Adds `meshctl up` to a program. */
export function addUpCommand(program: Command, options: UpCommandOptions): void {
  program
    .command('up')
    .description('run the mesh of a mesh.yaml on this machine until Ctrl-C')
    .argument('[path]', 'folder of a mesh.yaml, or such a file', '.')
    .option('--no-ca', 'without a certificate authority: no mTLS')
    .option('--no-telemetry', 'without the collector of spans and metrics')
    .action(async (path: string, flags: { readonly ca: boolean; readonly telemetry: boolean }) => {
      const { runUp } = await import('./run-up.ts')
      options.exit(await runUp({ path, ca: flags.ca, telemetry: flags.telemetry, appsDir: options.appsDir }))
    })
}
