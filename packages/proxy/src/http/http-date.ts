/** `Sat, 21 Nov 2026 10:41:00 GMT`; made once a second. */
export function httpDate(wallClockMs: number): string {
  const second = Math.floor(wallClockMs / 1000)
  if (second !== madeFor) {
    madeFor = second
    made = new Date(second * 1000).toUTCString()
  }
  return made
}

let madeFor = -1
let made = ''
