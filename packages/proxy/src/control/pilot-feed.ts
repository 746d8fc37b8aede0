import type { ProxySettings } from '../settings.ts'
import { openViewStore } from '../state/view-store.ts'
import { followPilot } from './follow-pilot.ts'
import type { Logger } from '@mesh/telemetry'
import type { ViewFeed } from './view-feed.ts'

/** Views of a control plane; the last good one is stored, and is where a process starts from. */
export function pilotFeed(settings: ProxySettings, log: Logger): ViewFeed {
  const { node, stateDir } = settings
  const store = openViewStore({
    dir: stateDir,
    node: `${node.name}.${node.namespace}`,
    onProblem: (problem) => log.warn({ problem }, 'stored view'),
  })
  const initial = store.load()
  return {
    initial,
    follow({ plane, source }) {
      const pilot = followPilot({
        settings,
        source,
        plane,
        store,
        initial,
        onView: (view, change, rejections) =>
          log.info({ snapshot: view.snapshot, ...change, listeners: view.listeners.length, rejections }, 'view in force'),
        onState: (state) => log.info({ pilot: settings.pilotAddress, ...state }, 'pilot'),
        onProblem: (error) => log.warn({ err: error }, 'problem'),
      })
      return {
        async close() {
          pilot.close()
          store.flush()
        },
      }
    },
  }
}
