import net from 'node:net'
import { CLAIM_PORT, FIRST_BLOCK, LAST_BLOCK } from './limits.ts'

/** A block of loopback addresses, held as long as its claim listens. */
export interface AddressBlock {
  /** `127.64`. */
  readonly prefix: string
  /** 0 of the first block. */
  readonly index: number
  /** Address number `index` of a group: 0 planes, 1 workloads. */
  address(group: number, index: number): string
  release(): void
}

export type ClaimedBlock =
  | { readonly kind: 'claimed'; readonly block: AddressBlock }
  | { readonly kind: 'refused'; readonly reason: string }

/** Takes the first block 127.B.0.0/16 that no other running mesh holds; `owner` is told to whoever connects to the claim, and holds one at most. */
export async function claimBlock(owner: string): Promise<ClaimedBlock> {
  for (let octet = FIRST_BLOCK; octet <= LAST_BLOCK; octet++) {
    const prefix = `127.${octet}`
    const claim = await listen(`${prefix}.0.1`, owner)
    if (claim.kind === 'listening') return { kind: 'claimed', block: blockOf(octet, claim.server) }
    if (claim.code === 'EADDRINUSE' && (await ownerOf(prefix)) === owner)
      return { kind: 'refused', reason: `A mesh of ${owner} starts or runs already: \`meshctl down\` stops it.` }
    if (claim.code === 'EADDRNOTAVAIL') return { kind: 'refused', reason: aliasAdvice(prefix) }
    if (claim.code !== 'EADDRINUSE') return { kind: 'refused', reason: `Cannot listen on ${prefix}.0.1:${CLAIM_PORT}: ${claim.code}.` }
  }
  return {
    kind: 'refused',
    reason: `All blocks 127.${FIRST_BLOCK}.0.0/16 to 127.${LAST_BLOCK}.0.0/16 are taken, or another program listens on 0.0.0.0:${CLAIM_PORT}.`,
  }
}

/** Who holds the claim of a block: what it was claimed with, undefined when nobody does. */
export function ownerOf(prefix: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const socket = net.connect({ host: `${prefix}.0.1`, port: CLAIM_PORT, timeout: 2000 })
    const done = (): void => {
      socket.destroy()
      resolve(text === '' ? undefined : text)
    }
    socket.on('data', (piece: Buffer) => (text = (text + piece.toString()).slice(0, 4096)))
    socket.once('end', done)
    socket.once('error', done)
    socket.once('timeout', done)
  })
}

function blockOf(octet: number, server: net.Server): AddressBlock {
  const prefix = `127.${octet}`
  return {
    prefix,
    index: octet - FIRST_BLOCK,
    address: (group, index) => `${prefix}.${group}.${index}`,
    release: () => server.close(),
  }
}

type Listening = { readonly kind: 'listening'; readonly server: net.Server } | { readonly kind: 'failed'; readonly code: string }

function listen(address: string, owner: string): Promise<Listening> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.end(owner)
    })
    server.once('error', (error: NodeJS.ErrnoException) => resolve({ kind: 'failed', code: error.code ?? error.message }))
    server.listen({ host: address, port: CLAIM_PORT, exclusive: true }, () => resolve({ kind: 'listening', server: server.unref() }))
  })
}

/** Only Linux answers on all of 127.0.0.0/8 by itself. */
function aliasAdvice(prefix: string): string {
  const add =
    process.platform === 'win32'
      ? 'netsh interface ipv4 add address "Loopback Pseudo-Interface 1" ADDRESS 255.0.0.0'
      : 'sudo ifconfig lo0 alias ADDRESS'
  return `This system does not answer on ${prefix}.0.1: each process of the mesh needs a loopback address of its own (${prefix}.0.1 to ${prefix}.0.4, and ${prefix}.1.1 upwards, one for each replica); add them with: ${add}`
}
