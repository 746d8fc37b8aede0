/** SHA-256 (FIPS 180-4) of bytes as lower-case hex; pure, so that browsers and Node hash alike. */
export function sha256(bytes: Uint8Array): string {
  const state = Uint32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19)
  const schedule = new Uint32Array(64)
  const padded = pad(bytes)
  const view = new DataView(padded.buffer)
  for (let offset = 0; offset < padded.length; offset += 64) compress(state, schedule, view, offset)
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('')
}

/** One bit, zeros, and the length in bits, up to a whole number of blocks. */
function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x2000_0000))
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0)
  return padded
}

function compress(state: Uint32Array, schedule: Uint32Array, block: DataView, offset: number): void {
  expand(schedule, block, offset)
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let round = 0; round < 64; round++) {
    const mix = (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + h + word(ROUNDS, round) + word(schedule, round)
    const majority = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    h = g
    g = f
    f = e
    e = (d + mix) | 0
    d = c
    c = b
    b = a
    a = (mix + majority) | 0
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] = word(state, index) + value
}

function expand(schedule: Uint32Array, block: DataView, offset: number): void {
  for (let index = 0; index < 16; index++) schedule[index] = block.getUint32(offset + index * 4)
  for (let index = 16; index < 64; index++) {
    const near = word(schedule, index - 2)
    const far = word(schedule, index - 15)
    const nearMix = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)
    const farMix = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3)
    schedule[index] = nearMix + word(schedule, index - 7) + farMix + word(schedule, index - 16)
  }
}

function rotate(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by))
}

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}

const ROUNDS = roundConstants()

/** The fractional parts of the cube roots of the first 64 primes, 32 bits of each. */
function roundConstants(): Uint32Array {
  const constants = new Uint32Array(64)
  for (let candidate = 2, found = 0; found < 64; candidate++) {
    if (!isPrime(candidate)) continue
    constants[found++] = cubeRootFraction(candidate)
  }
  return constants
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false
  return true
}

/** ⌊∛n · 2³²⌋ mod 2³², exactly. */
function cubeRootFraction(number: number): number {
  const scaled = BigInt(number) << 96n
  let root = BigInt(Math.floor(Math.cbrt(number) * 4_294_967_296))
  while (root * root * root > scaled) root--
  while ((root + 1n) ** 3n <= scaled) root++
  return Number(root & 0xffff_ffffn)
}
