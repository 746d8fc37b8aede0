import type { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import type { HeaderBlocks } from './header-blocks.ts'
import type { InboundEvents } from './inbound.ts'
import type { ReceiveSide } from './receive-side.ts'
import type { SendSide } from './send-side.ts'
import type { SessionState } from './session-state.ts'
import type { Shutdown } from './shutdown.ts'
import type { StreamTable } from './stream-table.ts'

export interface SessionParts<Head extends RequestHead | ReplyHead> {
  readonly state: SessionState<Head>
  readonly table: StreamTable<Head>
  readonly sending: SendSide<Head>
  readonly receiving: ReceiveSide<Head>
  readonly blocks: HeaderBlocks<Head>
  readonly shutdown: Shutdown<Head>
}

/** Which part of a session hears of which frames. */
export function dispatchFrames<Head extends RequestHead | ReplyHead>(parts: SessionParts<Head>): InboundEvents {
  const { state, table, sending, receiving, blocks, shutdown } = parts
  return {
    onBlock: (streamId, endStream, block, start, end) => blocks.onBlock(streamId, endStream, block, start, end),
    onDataFrame: (streamId, length) => receiving.onDataFrame(streamId, length),
    onPayload: (streamId, bytes, start, end, padding) => receiving.onPayload(streamId, bytes, start, end, padding),
    onDataEnd: (streamId) => receiving.onDataEnd(streamId),
    onReset: (streamId, code) => table.onReset(streamId, code),
    onSelfDependency: (streamId) => table.onSelfDependency(streamId),
    onSettings: (bytes, start, end) => sending.onSettings(bytes, start, end),
    onWindowUpdate: (streamId, bytes) => sending.onWindowUpdate(streamId, bytes),
    onPing: (bytes, start, ack) => shutdown.onPing(bytes, start, ack),
    onGoaway: (lastStreamId, code) => shutdown.onGoaway(lastStreamId, code),
    onControlFrame: (type) => state.guard.onControlFrame(type, state.nowMs),
  }
}
