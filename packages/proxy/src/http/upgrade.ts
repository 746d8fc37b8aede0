import { cutHopByHop, type RequestHead } from '@mesh/wire'

/** Takes out what belongs to the connection alone, but for the wish to speak WebSocket, which the next hop must hear. */
export function cutRequest(request: RequestHead): void {
  const wish = request.upgrade && request.framing === 'none' ? request.header('upgrade') : undefined
  const webSocket = wish?.toLowerCase() === 'websocket'
  cutHopByHop(request)
  request.upgrade = webSocket
  if (!webSocket) return
  request.set('connection', 'Upgrade')
  request.set('upgrade', 'websocket')
}

/** Whether the upstream may answer 101. */
export function isUpgrade(request: RequestHead): boolean {
  return request.upgrade
}
