import http from 'node:http'

http.createServer((_, response) => response.end(process.env.WORKLOAD_NAME)).listen(Number(process.env.PORT), process.env.HOST)
