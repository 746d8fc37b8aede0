// A web server to try a proxy with: `node web.mjs NAME PORT` answers with its name.
import { createServer } from 'node:http'

const [name, port] = process.argv.slice(2)
createServer((request, response) => response.end(`${name} ${request.url}\n`)).listen(Number(port), '127.0.0.1')
