/** The page: asks the greeter through the mesh. Node's own fetch finds the sidecar in HTTP_PROXY. */
export const WEB_MJS = `import http from 'node:http'

const server = http.createServer(async (request, response) => {
  try {
    const reply = await fetch('http://greeter:8000/', { headers: traceOf(request.headers) })
    response.writeHead(reply.status, { 'content-type': 'text/plain' }).end(\`The greeter says: \${await reply.text()}\`)
  } catch (error) {
    response.writeHead(502, { 'content-type': 'text/plain' }).end(\`The greeter cannot be reached: \${error.message}\\n\`)
  }
})

/** What makes the calls of one request one trace. */
function traceOf(headers) {
  const names = ['x-request-id', 'traceparent', 'tracestate', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled']
  return Object.fromEntries(names.filter((name) => name in headers).map((name) => [name, headers[name]]))
}

server.listen(process.env.PORT, process.env.HOST, () => console.log(\`\${process.env.WORKLOAD_NAME} listens\`))
process.once('SIGTERM', () => server.close())
`

/** The greeter. */
export const GREETER_PY = `import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Greeter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b"ok" if self.path == "/healthz" else f"Hello from {os.environ['WORKLOAD_NAME']}\\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(os.environ["WORKLOAD_NAME"], "listens")
ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Greeter).serve_forever()
`

/** The greeter where there is no Python. */
export const GREETER_MJS = `import http from 'node:http'

const server = http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.end(request.url === '/healthz' ? 'ok' : \`Hello from \${process.env.WORKLOAD_NAME}\\n\`)
})

server.listen(process.env.PORT, process.env.HOST, () => console.log(\`\${process.env.WORKLOAD_NAME} listens\`))
process.once('SIGTERM', () => server.close())
`

/** The caller: curl finds its sidecar in http_proxy. */
export const CALLER_SH = `trap 'exit 0' TERM
while :; do
  curl --silent --show-error --max-time 5 http://greeter:8000/
  sleep 10 &
  wait $!
done
`
