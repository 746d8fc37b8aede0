import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { dial } from '@mesh/rpc'
import { Health } from '@mesh/rpc/gen/grpc/health/v1/health_pb'

/*
 * A process of its own around gRPC's xDS client: for each line on its input it calls `xds:///<line>`
 * (bootstrap in GRPC_XDS_BOOTSTRAP_CONFIG) and prints the health status that came back.
 */
const grpcXds = createRequire(import.meta.url)('@grpc/grpc-js-xds') as { register(): void }
grpcXds.register()

const channels = new Map<string, ReturnType<typeof dial>>()

for await (const service of createInterface({ input: process.stdin })) {
  const channel = channels.get(service) ?? dial({ address: `xds:///${service}` })
  channels.set(service, channel)
  try {
    const { status } = await channel.unary(Health.method.check, {})
    process.stdout.write(`${status}\n`)
  } catch (error) {
    process.stdout.write(`${String(error)}\n`)
  }
}
for (const channel of channels.values()) channel.close()
