import fc, { type Arbitrary } from 'fast-check'

const repetition = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom('*', '+', '?', '*?', '+?', '??') },
  {
    weight: 1,
    arbitrary: fc
      .record({ from: fc.nat(4), more: fc.nat(5), form: fc.constantFrom('n', 'n,', 'n,m'), lazy: fc.constantFrom('', '?') })
      .map(({ from, more, form, lazy }) => `{${form === 'n' ? from : form === 'n,' ? `${from},` : `${from},${from + more}`}}${lazy}`),
  },
)

const atom = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', '0', '-', '/', '\u00e9', '\u{1f600}', '.', '\\.', '\\d', '\\W', '\\s', '\\x41', '\\x{e9}', '\\n'),
  fc.constantFrom('[ab]', '[^a]', '[a-z0-9_]', '[]a]', '[^]b]', '[[:alpha:]b]', '[\\]\\d]', '[\\x{e0}-\\x{ff}]', '\\pL', '[^\\p{Lu}]'),
  fc.constantFrom('^', '$', '\\b', '\\B', '\\A', '\\z', '(?m:^)', '(?m:$)', '\\Qa.b*\\E', '{', 'a{,2}', '(?i)', '(?s)'),
)

/** Expressions as people write them, and some that nobody would; a few are none. */
export const expression: Arbitrary<string> = fc.letrec<{ whole: string; part: string; group: string }>((tie) => ({
  whole: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')),
    fc.tuple(tie('whole'), tie('whole')).map(([left, right]) => `${left}|${right}`),
  ),
  part: fc.tuple(fc.oneof({ depthSize: 'small' }, atom, tie('group')), repetition).map(([what, often]) => what + often),
  group: fc.tuple(fc.constantFrom('(', '(?:', '(?i:', '(?s-i:', '(?P<n>'), tie('whole')).map(([open, inner]) => `${open}${inner})`),
})).whole
