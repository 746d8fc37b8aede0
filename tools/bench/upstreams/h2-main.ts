import { createServer, type Socket } from 'node:net'

/**
 * Answers each HTTP/2 request (prior knowledge) with N times `x`: `node h2-main.ts PORT N`; or with one message of gRPC of N bytes and
 * status 0: `node h2-main.ts PORT N grpc`. It never reads a header, so that it costs little beside the proxy; it keeps to the connection's window, and N must fit a stream's (RFC 9113, section 6.9).
 */
const [port = '0', bytes = '100', kind = 'plain'] = process.argv.slice(2)
const grpc = kind === 'grpc'
const PREFACE_BYTES = 24
const HEAD_BYTES = 9
const [DATA, HEADERS, SETTINGS, PING, WINDOW_UPDATE] = [0, 1, 4, 6, 8]
const [END_STREAM, ACK, END_HEADERS] = [1, 1, 4]
const FIRST_WINDOW = 65_535

const text = Buffer.alloc(Number(bytes), 'x')
const body = grpc ? Buffer.concat([Buffer.from([0, 0, 0, 0, text.length]), text]) : text
/** `:status: 200`, and a literal `content-length` or `content-type` by their names in the static table (RFC 7541, appendix A). */
const [name, value] = grpc ? [0x10, 'application/grpc'] : [0x0d, bytes]
const fields = Buffer.concat([Buffer.from([0x88, 0x0f, name, value.length]), Buffer.from(value)])
const trailers = Buffer.concat([Buffer.from([0, 11]), Buffer.from('grpc-status'), Buffer.from([1]), Buffer.from('0')])

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

class Session {
  readonly #socket: Socket
  readonly #waiting: number[] = []
  #window = FIRST_WINDOW
  #tail: Buffer = Buffer.alloc(0)
  #begun = false

  constructor(socket: Socket) {
    this.#socket = socket
    // Many streams, and large windows for whatever they send.
    const settings = Buffer.from([0, 3, 0, 0, 4, 0])
    socket.write(Buffer.concat([frame(SETTINGS, 0, 0, settings), frame(WINDOW_UPDATE, 0, 0, Buffer.from([0x3f, 0, 0, 0]))]))
  }

  take(chunk: Buffer): void {
    const all = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk])
    let at = 0
    if (!this.#begun && all.length >= PREFACE_BYTES) [this.#begun, at] = [true, PREFACE_BYTES]
    this.#socket.cork()
    while (this.#begun && all.length >= at + HEAD_BYTES && all.length >= at + HEAD_BYTES + all.readUIntBE(at, 3)) {
      const end = at + HEAD_BYTES + all.readUIntBE(at, 3)
      this.#on(all[at + 3] ?? 0, all[at + 4] ?? 0, all.readUInt32BE(at + 5), all.subarray(at + HEAD_BYTES, end))
      at = end
    }
    this.#flush()
    this.#socket.uncork()
    this.#tail = all.subarray(at)
  }

  #on(type: number, flags: number, stream: number, payload: Buffer): void {
    if ((type === HEADERS || type === DATA) && (flags & END_STREAM) !== 0) this.#waiting.push(stream)
    if (type === SETTINGS && (flags & ACK) === 0) this.#socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)))
    if (type === PING && (flags & ACK) === 0) this.#socket.write(frame(PING, ACK, 0, payload))
    if (type === WINDOW_UPDATE && stream === 0) this.#window += payload.readUInt32BE(0)
  }

  #flush(): void {
    for (; this.#window >= body.length; this.#window -= body.length) {
      const stream = this.#waiting.shift()
      if (stream === undefined) return
      const parts = [frame(HEADERS, END_HEADERS, stream, fields), frame(DATA, grpc ? 0 : END_STREAM, stream, body)]
      this.#socket.write(Buffer.concat(grpc ? [...parts, frame(HEADERS, END_HEADERS | END_STREAM, stream, trailers)] : parts))
    }
  }
}

createServer({ noDelay: true }, (socket) => {
  const session = new Session(socket)
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => session.take(chunk))
}).listen(Number(port), '127.0.0.1')
