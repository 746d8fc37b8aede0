/** What a log is: of an application, of its proxy, of the calls of a proxy, of a plane. */
export const LOG_KINDS = ['app', 'proxy', 'access', 'plane'] as const
export type LogKind = (typeof LOG_KINDS)[number]
