import { readFileSync } from 'node:fs'
import https from 'node:https'

/** A service on the internet, as far as the mesh can tell: HTTPS, a certificate of its own, no sidecar. */
const certs = new URL('../certs/', import.meta.url)
const server = https.createServer(
  { cert: readFileSync(new URL('books-cert.pem', certs)), key: readFileSync(new URL('books-key.pem', certs)) },
  (request, response) => {
    const found = (request.url ?? '').startsWith('/v1/volumes')
    const book = {
      author: 'William Shakespeare',
      year: 2002,
      type: 'paperback',
      pages: 96,
      publisher: 'Dover Publications',
      language: 'English',
      'ISBN-10': '0486424618',
      'ISBN-13': '9780486424613',
    }
    const text = JSON.stringify(found ? book : { error: 'try /v1/volumes' })
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    response.end(text)
  },
)
server.listen(Number(process.env['PORT'] ?? 9443), process.env['HOST'] ?? '127.0.0.1')
process.once('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
