/** `16:21:05.120`, local time. */
export function clockText(unixMs: number): string {
  const at = new Date(unixMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`
}
