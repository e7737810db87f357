import { EventEmitter } from 'node:events';
import type { AttachableWorker } from '../src/addon/api/context';
import { writeExposition } from '../src/addon/api/metrics/exposition';
import { createProcessHub, type ProcessHub } from '../src/addon/api/metrics/process-hub';
import { percentile } from './percentile';
import type { Row } from './report';

const ENDED = 10_000;
const LIVE = 8;
/** Label sets that each worker counts. */
const SETS = 100;
const RUNS = 200;

/** Measures a scrape of an add-on's eight workers after 10,000 others have ended, against one after none have. */
export async function benchEndedWorkers(): Promise<Row[]> {
  const [none, many] = [createHub(), createHub()];
  for (let run = 0; run < ENDED; run++) work(many, `ended ${run}`).emit('disconnect');
  const alive = [none, many].map((hub) => Array.from({ length: LIVE }, (_, index) => work(hub, `live ${index}`)));
  const times: [number[], number[]] = [[], []];
  let bytes: [number, number] = [0, 0];
  // Alternating, so that other load on the machine affects both.
  for (let run = 0; run < RUNS; run++) {
    for (const [index, hub] of [none, many].entries()) {
      for (const worker of alive[index]!) worker.emit('message', update(worker.token, run + 2));
      const began = performance.now();
      const families = await hub.read(() => Promise.reject(new Error('Nothing here needs a snapshot.')), new Set());
      const text = writeExposition(families, 'text');
      times[index]!.push(performance.now() - began);
      bytes = index === 0 ? [text.length, bytes[1]] : [bytes[0], text.length];
    }
  }
  const [limit, time] = [percentile(times[0], 0.5), percentile(times[1], 0.5)];
  return [
    {
      what: `scrape of ${LIVE} workers of an add-on after ${ENDED} ended ones, against none ended`,
      value: (time / limit).toFixed(2),
      goal: '≤ 1.25',
      detail: `${time.toFixed(2)} of ${limit.toFixed(2)} ms; ${bytes[1]} of ${bytes[0]} bytes`,
    },
  ];
}

function createHub(): ProcessHub {
  return createProcessHub({
    workerModule: '',
    keepEnded: 20,
    clash: () => null,
    leftOut: (name, problem) => {
      throw new Error(`${name}: ${problem}`);
    },
    refused: (worker, problem) => {
      throw new Error(`${worker}: ${problem}`);
    },
    alive: () => {},
  });
}

type FakeWorker = AttachableWorker & EventEmitter & { readonly token: string };

/** A worker without a process, which has counted. */
function work(hub: ProcessHub, name: string): FakeWorker {
  const token = `run-${name.replace(' ', '-')}`;
  const worker: FakeWorker = Object.assign(new EventEmitter(), { pid: 1, connected: true, token });
  hub.api.attach(worker, { name });
  worker.emit('message', update(token, 1));
  return worker;
}

function update(token: string, value: number): unknown {
  const shared = { help: 'h', bounds: null, labelNames: ['kind'], gone: [] };
  const rows = Array.from({ length: SETS }, (_, set) => [`kind="${set}"`, value]);
  return {
    framegaugeMetrics: 1,
    token,
    families: [
      { ...shared, name: 'bench_total', type: 'counter', mode: null, rows },
      { ...shared, name: 'bench_busy', type: 'gauge', mode: 'livesum', rows },
      { ...shared, name: 'bench_last', type: 'gauge', mode: 'all', labelNames: [], rows: [['', value]] },
    ],
  };
}
