const STATES = ['starting', 'idle', 'rendering', 'stopping', 'resting'];

/**
 * State, memory and restarts of each worker. Nothing is counted here: at every scrape the families are computed from a
 * snapshot of the host, so none of them can be out of date.
 *
 * @param {import('../../../src/addon/api/context').AddonContext} ctx
 */
export function register(ctx) {
  ctx.metrics.namespace('farm_worker_').collector({
    // A name that is taken is an error here, not a gap in the metrics later.
    describe: () => [
      { name: 'state', type: 'stateset' },
      { name: 'memory_bytes', type: 'gauge' },
      { name: 'restarts_total', type: 'counter' },
    ],
    collect: ({ workers, totals }) => [
      {
        name: 'state',
        help: 'What each worker does',
        type: 'stateset',
        values: workers.flatMap(({ slot, engine, state }) =>
          STATES.map((each) => ({
            labels: { worker: slot, engine, farm_worker_state: each },
            value: each === state ? 1 : 0,
          })),
        ),
      },
      {
        name: 'memory_bytes',
        help: 'Resident memory of each worker’s processes, where it can be read',
        type: 'gauge',
        unit: 'bytes',
        values: workers
          .filter(({ residentBytes }) => residentBytes !== null)
          .map(({ slot, residentBytes }) => ({ labels: { worker: slot }, value: residentBytes })),
      },
      {
        name: 'restarts_total',
        help: 'Workers replaced, by reason',
        type: 'counter',
        values: Object.entries(totals.slots).flatMap(([worker, { restarts }]) =>
          Object.entries(restarts).map(([reason, value]) => ({ labels: { worker, reason }, value })),
        ),
      },
    ],
  });
}
