import net from 'node:net'

/** Greets, then sends back every byte; after the client's FIN it sends the rest and its own. */
const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.write('hello ')
  socket.pipe(socket)
})
server.listen(Number(process.env['PORT'] ?? 9000), process.env['HOST'] ?? '127.0.0.1')
process.once('SIGTERM', () => server.close(() => process.exit(0)))
