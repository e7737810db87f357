import type { AppSnapshot } from '../../../shared/addon-protocol';
import { VERSION } from '../../version';

/** The host as add-ons see it in a test: idle, with the figures of the recorded events. */
export function sampleSnapshot(): AppSnapshot {
  return {
    version: VERSION,
    shell: 'headless',
    startedAt: 1_795_989_336_000,
    scene: null,
    engines: ['gltf'],
    jobs: [],
    queue: { state: 'running', reason: null, secondsLeft: null, secondsLeftP90: null },
    workers: [],
    farm: null,
    lastFrameAt: 1_795_989_386_000,
    volumes: [],
    addons: [],
    processes: [],
    totals: {
      jobs: { completed: 1, completedWithFailures: 0, failed: 0, cancelled: 1 },
      engines: {},
      slots: {},
      machines: {},
      addons: {},
    },
    totalsSince: 1_795_989_336_000,
    frameSecondsBuckets: [0.1, 1, 10],
  };
}
