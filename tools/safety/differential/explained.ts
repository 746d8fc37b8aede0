import type { Case } from './cases.ts'
import type { Outcome } from './judge.ts'

/** Why ours may accept what all others refuse; undefined: nobody has looked into it. */
export function explain(one: Case, outcome: Outcome): string | undefined {
  return EXPLAINED.find(({ holds }) => holds(one, outcome))?.why
}

const EXPLAINED: readonly { readonly why: string; readonly holds: (one: Case, outcome: Outcome) => boolean }[] = [
  {
    why: 'a method is any token, told apart by case (RFC 9110 section 9.1), which others do not know',
    holds: (_, { requests }) => requests.some(({ method }) => method !== method.toUpperCase()),
  },
  {
    why: 'an absolute target with a query and no path, which is `/` and the query (RFC 9112 section 3.2.1)',
    holds: (_, { requests }) => requests.some(({ target }) => target.startsWith('/?')),
  },
  {
    why: 'a host of characters that RFC 3986 allows in one (signs, escapes), which others take for no DNS name: judged and forwarded as it is written',
    holds: (_, { requests }) => requests.some(({ host }) => HOST.test(host) && !/^[\w.-]+(:\d*)?$/.test(host)),
  },
]

/** `reg-name` of RFC 3986, and a port. */
const HOST = /^(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})+(:\d*)?$/i
