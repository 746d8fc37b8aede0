import { startPlane } from './plane.ts'
import { cluster, endpoint, outboundView, route } from './views.ts'

/** A proxy in a process of its own, for tests that take its files away; prints its port, and at its end what it reported. */
const view = outboundView([route('reviews')], [cluster('reviews', [endpoint(Number(process.argv[2]))])])
const made = await startPlane(view)
process.stdout.write(`${made.port()}\n`)
process.stdin.on('end', () => {
  const { downstreamActive, downstreamRefused, faults } = made.plane.counters
  process.stdout.write(JSON.stringify({ downstreamActive, downstreamRefused, faults }), () => process.exit())
})
process.stdin.resume()
