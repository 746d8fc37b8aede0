import { z } from '@mesh/core/schema'

const port = z.number().int().min(1).max(65535)
const seconds = z.number().min(0.05).max(3600)
const count = z.number().int().min(1).max(100)
const path = z
  .string()
  .startsWith('/', 'is no path that begins with `/`')
  .regex(/^[\x21-\x7e]*$/, 'is no path of a request, in which a space is `%20`')
const header = z.strictObject({
  name: z
    .string()
    .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no name of a header')
    .regex(/^(?!trailer$)/i, 'is no header of a request that has no body'),
  value: z.string().regex(/^[\t\x20-\x7e]*$/, 'is no value of a header'),
})

/** How to ask an application whether it can take requests, in the words and with the defaults of Kubernetes' readinessProbe. */
export const probeSchema = z
  .strictObject({
    /** Passes with a status from 200 to 399. */
    httpGet: z
      .strictObject({
        path: path.default('/'),
        port: port.optional(),
        httpHeaders: z.array(header).max(20).default([]),
      })
      .optional(),
    /** Passes when a connection opens. */
    tcpSocket: z.strictObject({ port: port.optional() }).optional(),
    initialDelaySeconds: z.number().min(0).max(3600).default(0),
    periodSeconds: seconds.default(10),
    timeoutSeconds: seconds.default(1),
    successThreshold: count.default(1),
    failureThreshold: count.default(3),
  })
  .refine(
    ({ httpGet, tcpSocket }) => (httpGet === undefined) !== (tcpSocket === undefined),
    'needs one of `httpGet` and `tcpSocket`, and not both',
  )

export type Probe = z.output<typeof probeSchema>
