import { DEFAULT_FRAME_BYTES, DEFAULT_WINDOW, h2Fault, MAX_WINDOW, SETTING, type H2Fault } from './protocol.ts'

/** What the peer said about itself (RFC 9113 section 6.5.2). */
export interface PeerSettings {
  headerTableBytes: number
  maxConcurrentStreams: number
  initialWindow: number
  maxFrameBytes: number
  /** Extended CONNECT may be sent to it (RFC 8441). */
  connectProtocol: boolean
}

export function defaultSettings(): PeerSettings {
  return {
    headerTableBytes: 4096,
    maxConcurrentStreams: Infinity,
    initialWindow: DEFAULT_WINDOW,
    maxFrameBytes: DEFAULT_FRAME_BYTES,
    connectProtocol: false,
  }
}

/** Reads the payload of a SETTINGS frame into `settings`; unknown ones are passed over. */
export function readSettings(
  settings: PeerSettings,
  bytes: Uint8Array,
  start: number,
  end: number,
  fromServer: boolean,
): H2Fault | undefined {
  for (let at = start; at < end; at += 6) {
    const id = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
    const value = readNumber(bytes, at + 2)
    const fault = readSetting(settings, id, value, fromServer)
    if (fault !== undefined) return fault
  }
  return undefined
}

function readSetting(settings: PeerSettings, id: number, value: number, fromServer: boolean): H2Fault | undefined {
  switch (id) {
    case SETTING.headerTableSize:
      settings.headerTableBytes = value
      return undefined
    case SETTING.enablePush:
      return value > 1 || (fromServer && value === 1)
        ? h2Fault('PROTOCOL_ERROR', 'ENABLE_PUSH has a value that it cannot have.')
        : undefined
    case SETTING.maxConcurrentStreams:
      settings.maxConcurrentStreams = value
      return undefined
    case SETTING.initialWindowSize:
      if (value > MAX_WINDOW) return h2Fault('FLOW_CONTROL_ERROR', 'INITIAL_WINDOW_SIZE is too large.')
      settings.initialWindow = value
      return undefined
    case SETTING.maxFrameSize:
      if (value < DEFAULT_FRAME_BYTES || value > MAX_FRAME_BYTES)
        return h2Fault('PROTOCOL_ERROR', 'MAX_FRAME_SIZE has a value that it cannot have.')
      settings.maxFrameBytes = value
      return undefined
    case SETTING.enableConnectProtocol:
      if (value > 1 || (value === 0 && settings.connectProtocol))
        return h2Fault('PROTOCOL_ERROR', 'ENABLE_CONNECT_PROTOCOL has a value that it cannot have.')
      settings.connectProtocol = value === 1
      return undefined
    default:
      return undefined
  }
}

const MAX_FRAME_BYTES = 2 ** 24 - 1

/** 32 bits, unsigned. */
export function readNumber(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  )
}
