import { z } from 'zod'
import { MatchLabels, TargetRef } from '../fields/common.ts'
import { IpBlock, isCidr } from '../fields/host.ts'
import { inert, inertValues, noting, otherwise, type Note } from '../fields/note.ts'
import { CONFIG_LIMITS } from '../limits.ts'

const Texts = z.array(z.string().min(1)).min(1)
/** Names and patterns of namespaces, accounts and trust domains: they become parts of a regular expression. */
const Names = z.array(z.string().min(1).max(CONFIG_LIMITS.maxNamePatternChars)).min(1)
const Blocks = z.array(IpBlock).min(1)

const withoutJwt = (field: string): Note => ({
  code: 'MESH0101',
  message: `Tokens are not verified yet: no request has a principal, and \`${field}\` is judged so.`,
  effect: 'refused',
})
const WithoutJwt = noting(Texts, (_value, field) => withoutJwt(field), withoutJwt)

/** Istio `Source`: all its fields must hold, one value of each. */
export const AuthorizationSource = z
  .strictObject({
    principals: Texts.optional(),
    notPrincipals: Texts.optional(),
    requestPrincipals: WithoutJwt.optional(),
    notRequestPrincipals: WithoutJwt.optional(),
    namespaces: Names.optional(),
    notNamespaces: Names.optional(),
    serviceAccounts: Names.optional(),
    notServiceAccounts: Names.optional(),
    ipBlocks: Blocks.optional(),
    notIpBlocks: Blocks.optional(),
    remoteIpBlocks: Blocks.optional(),
    notRemoteIpBlocks: Blocks.optional(),
    trustDomains: Names.optional(),
    notTrustDomains: Names.optional(),
  })
  .refine(hasField, { error: 'is empty', params: { fix: 'Leave `from` out to mean every source.' } })
export type AuthorizationSource = z.infer<typeof AuthorizationSource>

const PortTexts = z.array(z.string().regex(/^[1-9]\d{0,4}$/, { error: 'is not a port number' })).min(1)

const PathTexts = z
  .array(
    z
      .string()
      .min(1)
      .refine((path) => !isTemplate(path) || path.length <= CONFIG_LIMITS.maxPathTemplateChars, {
        error: `is a template of more than ${CONFIG_LIMITS.maxPathTemplateChars} characters`,
      })
      .refine((path) => isPathPattern(path), {
        error: 'is not a path or template',
        params: { fix: 'Write `{*}` for one segment and `{**}` for the rest, each a whole segment, no template after `{**}`.' },
      }),
  )
  .min(1)

/** Istio `Operation`: all its fields must hold, one value of each. */
export const AuthorizationOperation = z
  .strictObject({
    hosts: Texts.optional(),
    notHosts: Texts.optional(),
    ports: PortTexts.optional(),
    notPorts: PortTexts.optional(),
    methods: Texts.optional(),
    notMethods: Texts.optional(),
    paths: PathTexts.optional(),
    notPaths: PathTexts.optional(),
  })
  .refine(hasField, { error: 'is empty', params: { fix: 'Leave `to` out to mean every operation.' } })
export type AuthorizationOperation = z.infer<typeof AuthorizationOperation>

const CONDITION_KEYS = new Set([
  ...['source.ip', 'remote.ip', 'source.namespace', 'source.principal', 'source.serviceAccount', 'source.trustDomain'],
  ...['request.auth.principal', 'request.auth.audiences', 'request.auth.presenter'],
  ...['destination.ip', 'destination.port', 'connection.sni'],
])
const CONDITION_PATTERN = /^(?:request\.headers\[[^[\]]+\]|request\.auth\.claims(?:\[[^[\]]+\])+|experimental\.envoy\.filters\..+)$/

/** Istio `Condition`. */
export const AuthorizationCondition = z
  .strictObject({
    key: noting(
      z.string().refine((key) => CONDITION_KEYS.has(key) || CONDITION_PATTERN.test(key), {
        error: 'is no condition that Istio knows',
        params: {
          fix: 'Write `request.headers[name]`, `source.ip`, `source.namespace`, `source.principal`, `destination.port`, `connection.sni`, ….',
        },
      }),
      keyNote,
    ),
    values: Texts.optional(),
    notValues: Texts.optional(),
  })
  .refine((condition) => condition.values !== undefined || condition.notValues !== undefined, {
    error: 'needs `values` or `notValues`',
  })
  .superRefine(({ key, values, notValues }, context) => {
    const form = VALUE_FORMS[key]
    if (form === undefined) return
    for (const [field, list] of Object.entries({ values, notValues })) {
      for (const [index, value] of (list ?? []).entries()) {
        if (!form.holds(value)) context.addIssue({ code: 'custom', path: [field, index], message: form.message })
      }
    }
  })
export type AuthorizationCondition = z.infer<typeof AuthorizationCondition>

interface ValueForm {
  readonly message: string
  holds(value: string): boolean
}

const ADDRESS: ValueForm = { message: 'is not an IP address or block', holds: isCidr }
const PORT: ValueForm = { message: 'is not a port number', holds: (value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535 }
const NAME: ValueForm = {
  message: `is longer than ${CONFIG_LIMITS.maxNamePatternChars} characters`,
  holds: (value) => value.length <= CONFIG_LIMITS.maxNamePatternChars,
}

/** What values of a condition must be, where not every text will do: one that is not understood would match nobody. */
const VALUE_FORMS: Readonly<Record<string, ValueForm | undefined>> = {
  'source.ip': ADDRESS,
  'remote.ip': ADDRESS,
  'destination.ip': ADDRESS,
  'destination.port': PORT,
  'source.namespace': NAME,
  'source.serviceAccount': NAME,
  'source.trustDomain': NAME,
}

/** Istio `Rule`: an empty one matches every request. */
export const AuthorizationRule = z.strictObject({
  from: z
    .array(z.strictObject({ source: AuthorizationSource }))
    .min(1)
    .optional(),
  to: z
    .array(z.strictObject({ operation: AuthorizationOperation }))
    .min(1)
    .optional(),
  when: z.array(AuthorizationCondition).min(1).optional(),
})
export type AuthorizationRule = z.infer<typeof AuthorizationRule>

const Action = inertValues(
  inertValues(z.enum(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']), { AUDIT: 'nothing is recorded' }),
  { CUSTOM: 'what its rules match is denied' },
  'refused',
)

function byGatewayLabel<Schema extends z.ZodType>(schema: Schema): Schema {
  return noting(schema, (_value, field) => ({
    code: 'IST0133',
    message: `\`${field}\` means workloads with the label \`gateway.networking.k8s.io/gateway-name\` alone.`,
    fix: 'Write `selector` to mean others.',
  }))
}

/** Istio `security.v1.AuthorizationPolicy`: who may call what. Without rules it matches nothing. */
export const AuthorizationPolicy = noting(
  z
    .strictObject({
      selector: MatchLabels.optional(),
      targetRef: byGatewayLabel(TargetRef).optional(),
      targetRefs: byGatewayLabel(z.array(TargetRef)).optional(),
      action: otherwise(Action, 'ALLOW').optional(),
      provider: inert(z.strictObject({ name: z.string().optional() })).optional(),
      rules: z.array(AuthorizationRule).optional(),
    })
    .superRefine((spec, context) => {
      if (spec.action === 'CUSTOM' && spec.provider?.name === undefined)
        context.addIssue({ code: 'custom', path: ['provider'], message: 'is missing' })
      if (spec.selector !== undefined && (spec.targetRef !== undefined || spec.targetRefs !== undefined)) {
        context.addIssue({ code: 'custom', path: ['selector'], message: 'cannot stand beside `targetRefs`' })
      }
    }),
  (spec) =>
    spec.action === 'DENY' && (spec.rules ?? []).length === 0
      ? { code: 'IST0133', message: 'A DENY policy without rules denies nothing.', fix: 'Write `rules: [{}]` to deny everything.' }
      : undefined,
)
export type AuthorizationPolicy = z.infer<typeof AuthorizationPolicy>

function keyNote(key: string): Note | undefined {
  if (key.startsWith('request.auth.'))
    return { code: 'MESH0101', message: `Tokens are not verified yet: \`${key}\` is never present.`, effect: 'refused' }
  if (key.startsWith('experimental.')) return { code: 'MESH0101', message: `\`${key}\` is never present.`, effect: 'refused' }
  return undefined
}

function hasField(value: object): boolean {
  return Object.values(value).some((field) => field !== undefined)
}

function isTemplate(path: string): boolean {
  return /[{}]/.test(path)
}

/** `{**}` is the last template of a path; a template stands alone in its segment, and literal segments hold no `*`. */
function isPathPattern(path: string): boolean {
  if (!isTemplate(path)) return true
  const segments = path.split('/')
  const rest = segments.indexOf('{**}')
  return segments.every((segment, index) => {
    if (segment === '{*}' || segment === '{**}') return rest < 0 || index <= rest
    return !/[{}*]/.test(segment)
  })
}
