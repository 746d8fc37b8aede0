import { createServer } from 'node:net'

/** Answers each request for `/bytes/N` with N times `x`, after its body if it has one: `node http-main.ts PORT`. */
const [port = '0'] = process.argv.slice(2)
const END = Buffer.from('\r\n\r\n')
const replies = new Map<string, Buffer>()

function replyTo(head: string): Buffer {
  const bytes = /^\S+ \/bytes\/(\d+)/.exec(head)?.[1] ?? '0'
  const known = replies.get(bytes)
  if (known !== undefined) return known
  const text = `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${bytes}\r\n\r\n${'x'.repeat(Number(bytes))}`
  const made = Buffer.from(text)
  replies.set(bytes, made)
  return made
}

createServer({ noDelay: true }, (socket) => {
  let tail: Buffer = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk])
    let from = 0
    for (let at = bytes.indexOf(END); at !== -1; at = bytes.indexOf(END, from)) {
      const head = bytes.toString('latin1', from, at)
      const end = at + END.length + (head.startsWith('POST') ? Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0) : 0)
      if (bytes.length < end) break
      from = end
      socket.write(replyTo(head))
    }
    tail = bytes.subarray(from)
  })
}).listen(Number(port), '127.0.0.1')
