/** Numbers of the Linux system interface, alike on x86-64 and arm64 (`include/uapi`), except for the layout of `epoll_event`. */
export const LINUX = {
  AF_INET: 2,
  AF_INET6: 10,
  /** `SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC`. */
  STREAM: 0x1 | 0x800 | 0x80000,
  /** `SOCK_NONBLOCK | SOCK_CLOEXEC`, for `accept4`. */
  ACCEPT: 0x800 | 0x80000,
  EPOLL_CLOEXEC: 0x80000,
  /** `SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC`: messages stay whole. */
  MESSAGES: 0x5 | 0x800 | 0x80000,
  AF_UNIX: 1,
  EPOLL_ADD: 1,
  EPOLL_DELETE: 2,
  EPOLLIN: 0x001,
  EPOLLOUT: 0x004,
  EPOLLERR: 0x008,
  EPOLLHUP: 0x010,
  EPOLLRDHUP: 0x2000,
  EPOLLET: 0x8000_0000,
  MSG_NOSIGNAL: 0x4000,
  SHUT_RD: 0,
  SHUT_WR: 1,
  O_RDONLY_CLOEXEC: 0x80000,
  /** `O_NONBLOCK | O_CLOEXEC`, for `pipe2`. */
  PIPE: 0x800 | 0x80000,
  F_SETPIPE_SZ: 1031,
  /** `SPLICE_F_MOVE | SPLICE_F_NONBLOCK`. */
  SPLICE: 1 | 2,
} as const

/** Socket options as level and name (`socket(7)`, `tcp(7)`, `ip(7)`, `ipv6(7)`). */
export const SOCKET_OPTIONS = {
  reuseAddress: [1, 2],
  error: [1, 4],
  keepAlive: [1, 9],
  linger: [1, 13],
  reusePort: [1, 15],
  noDelay: [6, 1],
  keepAliveTime: [6, 4],
  keepAliveInterval: [6, 5],
  keepAliveProbes: [6, 6],
  /** `struct ucred`: who is at the other end of a Unix socket. */
  peerCredentials: [1, 17],
  /** A source address without a port of its own: the kernel takes one that fits the destination. */
  bindAddressNoPort: [0, 24],
  transparent: [0, 19],
  transparentV6: [41, 75],
  v6Only: [41, 26],
  originalDestination: [0, 80],
  originalDestinationV6: [41, 80],
} as const satisfies Record<string, readonly [level: number, name: number]>

/** Errors by which decisions are made (`errno(3)`). */
export const ERRNO = {
  EINTR: 4,
  EAGAIN: 11,
  EMFILE: 24,
  ENFILE: 23,
  EADDRNOTAVAIL: 99,
  ENOENT: 2,
  ECONNREFUSED: 111,
  ECONNABORTED: 103,
  EINPROGRESS: 115,
} as const

/** The kernel packs `epoll_event` on x86-64 alone. */
export function epollLayout(arch: string): { readonly size: number; readonly data: number } {
  return arch === 'x64' ? { size: 12, data: 4 } : { size: 16, data: 8 }
}
