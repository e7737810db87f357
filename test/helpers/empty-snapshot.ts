import type { AppSnapshot } from '../../src/shared/addon-protocol';

/** The snapshot of an idle host that has done nothing yet. */
export const EMPTY_SNAPSHOT: AppSnapshot = {
  version: '0.1.0',
  shell: 'headless',
  startedAt: 0,
  scene: null,
  engines: ['gltf'],
  jobs: [],
  queue: { state: 'running', reason: null, secondsLeft: null, secondsLeftP90: null },
  workers: [],
  farm: null,
  lastFrameAt: null,
  volumes: [],
  addons: [],
  processes: [],
  totals: {
    jobs: { completed: 0, completedWithFailures: 0, failed: 0, cancelled: 0 },
    engines: {},
    slots: {},
    machines: {},
    addons: {},
  },
  totalsSince: 0,
  frameSecondsBuckets: [0.1, 1, 10],
};
