import { findingPages } from './finding-pages.ts'
import { flagPage } from './flag-page.ts'
import { kindPages } from './kind-pages.ts'
import { meshFilePage } from './mesh-file-page.ts'
import { meshctlPage } from './meshctl-page.ts'
import { metricPage } from './metric-page.ts'
import { markdownPage, type Page } from './page.ts'

/** All pages that are made from the program. */
export async function generatedPages(root: string): Promise<readonly Page[]> {
  return [...findingPages(root), referencePage(), ...kindPages(), meshFilePage(), meshctlPage(), await metricPage(), flagPage()]
}

function referencePage(): Page {
  return markdownPage('docs/reference/README.md', 'the program', [
    '# Reference',
    'Made from the program itself, and checked to be what it says.',
    [
      '- [Kinds](kinds/README.md): each field, and whether it works here',
      '- [mesh.yaml](mesh-yaml.md)',
      '- [meshctl](meshctl.md): commands, flags, exit codes',
      '- [Metrics](metrics.md)',
      '- [Response flags](response-flags.md)',
      '- [Findings](../findings.md): each code with an example',
    ].join('\n'),
  ])
}

/** Folders in which nothing stands but generated pages: `false` without those below. */
export const GENERATED_FOLDERS: readonly (readonly [folder: string, deep: boolean])[] = [
  ['docs/findings', false],
  ['docs/reference', true],
]
