import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AttachableWorker } from '../../../../src/addon/api/context';
import { createProcessHub, type ProcessHub } from '../../../../src/addon/api/metrics/process-hub';
import { eventually } from '../../../helpers/eventually';
import { needs, pathOf } from '../../../helpers/needs';

/** The module as it is built for workers. */
const MODULE = pathToFileURL(join(import.meta.dirname, '../../../../out/addon/worker-metrics.js')).href;
const WORKER = join(import.meta.dirname, 'measured-worker.mjs');

type Order = readonly [metric: string, method: string, labels: Record<string, string>, value: number];

function makeHub(keepEnded = 20): ProcessHub & { readonly problems: string[] } {
  const problems: string[] = [];
  const hub = createProcessHub({
    workerModule: MODULE,
    keepEnded,
    clash: ({ name }) => (name === 'c_taken_total' ? 'there is one of that name already' : null),
    leftOut: (name, problem) => problems.push(`${name}: ${problem}`),
    refused: (worker, problem) => problems.push(`worker ${worker}: ${problem}`),
    alive: () => {},
  });
  onTestFinished(() => hub.close());
  return { ...hub, problems };
}

/** A worker of either kind that does what it is told. */
interface Told {
  readonly worker: AttachableWorker & EventEmitter;
  /** Settles once the worker has obeyed. */
  tell(order: 'flush' | readonly Order[]): Promise<void>;
  /** Settles once it has ended and everything that it said was heard. */
  end(how: 'exit' | 'return' | 'kill'): Promise<void>;
}

function startProcess(serialization: 'json' | 'advanced' = 'json'): Told & { readonly child: ChildProcess } {
  const child = fork(WORKER, [MODULE], { serialization, execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  return {
    child,
    worker: child,
    tell: (order) => told(child, () => child.send(order)),
    async end(how) {
      if (how === 'kill') child.kill('SIGKILL');
      else child.send(how);
      await ended;
    },
  };
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node's has no origin
const post = (thread: Worker, order: unknown): void => thread.postMessage(order);

function startThread(): Told & { readonly thread: Worker } {
  const thread = new Worker(WORKER, { workerData: { module: MODULE } });
  onTestFinished(async () => void (await thread.terminate()));
  const ended = once(thread, 'exit');
  return {
    thread,
    worker: thread,
    tell: (order) => told(thread, () => post(thread, order)),
    async end(how) {
      if (how === 'kill') await thread.terminate();
      else post(thread, how);
      await ended;
    },
  };
}

async function told(worker: EventEmitter, send: () => void): Promise<void> {
  const done = new Promise<void>((resolve) => {
    worker.on('message', function hear(message: { done?: boolean }) {
      if (message.done !== true) return;
      worker.off('message', hear);
      resolve();
    });
  });
  send();
  await done;
}

const count = (value: number, name = 'c_total'): Order[] => [[name, 'inc', { a: 'x' }, value]];

/** All samples, as name, labels and value. */
async function samples({ read }: ProcessHub): Promise<[string, Record<string, string>, number][]> {
  const families = await read(() => expect.unreachable('nothing here needs a snapshot'), new Set());
  return families.flatMap(({ name, values }) =>
    values.map(({ metricName, labels, value }): [string, Record<string, string>, number] => [
      metricName ?? name,
      Object.fromEntries(Object.entries(labels).map(([label, of]) => [label, String(of)])),
      value,
    ]),
  );
}

const valueOf = async (hub: ProcessHub, name: string): Promise<number | undefined> =>
  (await samples(hub)).find(([each]) => each === name)?.[2];

describe.each([
  ['child process', () => startProcess()],
  ['child process with the advanced serialization', () => startProcess('advanced')],
  ['thread', startThread],
] as const)('a %s', (_kind, start) => {
  it('is counted with the add-on itself while it runs, without a word of the worker', async () => {
    const hub = makeHub();
    hub.api.counter({ name: 'c_total', help: 'h', labelNames: ['a'] }).inc({ a: 'x' }, 5);
    const { worker, tell } = start();
    hub.api.attach(worker);
    await tell(count(2));
    await eventually('the sum', async () => ((await valueOf(hub, 'c_total')) === 7 ? true : null), 20_000);
    expect(hub.api.workers).toBe(1);
  });

  it.each(['exit', 'return'] as const)('that ends by itself (%s) has everything counted', async (how) => {
    const hub = makeHub();
    const { worker, tell, end } = start();
    hub.api.attach(worker);
    await tell([...count(2), ['g_livesum', 'set', { a: 'x' }, 1]]);
    await end(how);
    expect(await samples(hub)).toEqual([['c_total', { a: 'x' }, 2]]);
    expect(hub.api.workers).toBe(0);
  });

  it('that is killed loses nothing that it had sent', async () => {
    const hub = makeHub();
    const { worker, tell, end } = start();
    hub.api.attach(worker);
    await tell(count(2));
    await tell('flush');
    await tell(count(40));
    await end('kill');
    // The last one may have been sent too.
    expect([2, 42]).toContain(await valueOf(hub, 'c_total'));
    expect(hub.api.workers).toBe(0);
  });
});

it('gauges of mode all name their processes and threads, or as they are named', async () => {
  const hub = makeHub();
  const [one, two, three] = [startProcess(), startThread(), startThread()];
  hub.api.attach(one.worker);
  hub.api.attach(two.worker);
  hub.api.attach(three.worker, { name: 'third' });
  hub.api.gauge({ name: 'g_all', help: 'h', labelNames: ['a'] }).set({ a: 'x' }, 4);
  for (const [index, { tell }] of [one, two, three].entries()) {
    await tell([['g_all', 'set', { a: 'x' }, index]]);
    await tell('flush');
  }
  const names = (await samples(hub)).map(([, labels]) => labels['pid']);
  expect(names).toEqual([String(process.pid), String(one.child.pid), `${process.pid}-${two.thread.threadId}`, 'third']);
});

describe('a worker cannot be attached', () => {
  it('without a channel, twice, again, or under the name of another that runs', async () => {
    const hub = makeHub();
    const { worker } = startThread();
    const other = startThread();
    const release = hub.api.attach(worker, { name: 'one' });
    expect(() => hub.api.attach(worker, { name: 'one' })).toThrow(/was attached before/);
    expect(() => hub.api.attach(other.worker, { name: 'one' })).toThrow(/a worker of the name “one”/);
    expect(() => hub.api.attach(other.worker, { name: 'x\0' })).toThrow(/cannot be named so/);
    release();
    expect(() => hub.api.attach(worker)).toThrow(/was attached before/);
    hub.api.attach(other.worker, { name: 'one' });
    const channelless = Object.assign(new EventEmitter(), { pid: 5, connected: false });
    expect(() => hub.api.attach(channelless)).toThrow(/has no channel/);
  });
});

/** A channel that the test speaks on, for what no honest worker says. */
function fakeChannel(pid: number): AttachableWorker & EventEmitter & { connected: boolean } {
  return Object.assign(new EventEmitter(), { pid, connected: true });
}
const says = (token: string, value: number): unknown => ({
  framegaugeMetrics: 1,
  token,
  families: [
    {
      name: 'c_total',
      help: 'h',
      type: 'counter',
      mode: null,
      bounds: null,
      labelNames: [],
      rows: [['', value]],
      gone: [],
    },
  ],
});

it('a process id that comes again while the old channel is open is another worker', async () => {
  const hub = makeHub();
  const [old, young] = [fakeChannel(7), fakeChannel(7)];
  hub.api.attach(old);
  old.emit('message', says('first-run', 5));
  old.emit('exit');
  hub.api.attach(young);
  young.emit('message', says('second-run', 1));
  expect(await valueOf(hub, 'c_total')).toBe(6);
  // What the old one says now is nobody's.
  old.emit('message', says('first-run', 100));
  expect(await valueOf(hub, 'c_total')).toBe(6);
});

it('what a worker may not say is left out and told, and the add-on’s own messages are none of it', async () => {
  const hub = makeHub();
  const channel = fakeChannel(7);
  hub.api.attach(channel);
  for (const message of [null, 'hello', { token: 'x' }, { framegaugeMetrics: 1, token: 'forged"} 1', families: [] }])
    channel.emit('message', message);
  for (let run = 0; run < 20; run++) channel.emit('message', says(`run-number-${run}`, 1));
  expect(await valueOf(hub, 'c_total')).toBe(8);
  expect(new Set(hub.problems)).toEqual(
    new Set(['worker 7: it does not say which process it is of', 'worker 7: it has more than 8 sets of metrics']),
  );
});

it('a name that the add-on has already is an error in its own process, and left out of a worker', async () => {
  const hub = makeHub();
  expect(() => hub.api.counter({ name: 'c_taken_total', help: 'h' })).toThrow(/one of that name already/);
  const { worker, tell } = startThread();
  hub.api.attach(worker);
  await tell([...count(1, 'c_taken_total'), ...count(1)]);
  await tell('flush');
  expect(await samples(hub)).toEqual([['c_total', { a: 'x' }, 1]]);
  expect(hub.problems).toEqual(['c_taken_total: there is one of that name already']);
});

needs.pythonPrometheusClient('beside the multiprocess mode of Prometheus’s client for Python', () => {
  /** Numbers from 0 up to 1, the same ones at every run (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
  function createRandom(seed: number): () => number {
    let state = seed;
    return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
  }

  const METHODS: Readonly<Record<string, readonly string[]>> = {
    c_total: ['inc'],
    h: ['observe'],
    s: ['observe'],
    ...Object.fromEntries(
      ['all', 'liveall', 'sum', 'livesum', 'max', 'livemax', 'min', 'livemin'].map((mode) => [
        `g_${mode}`,
        ['set', 'inc', 'dec'],
      ]),
    ),
  };

  function randomOrders(random: () => number): Order[] {
    return Array.from({ length: 60 }, () => {
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
      const metric = pick(Object.keys(METHODS));
      // Eighths have no rounding, in whatever order they are added.
      return [
        metric,
        pick(METHODS[metric]!),
        { a: pick(['x', 'y "z"\\', 'ä\n']) },
        Math.round(random() * 32) / 8,
      ] as const;
    });
  }

  it.each([1, 2])('the same sequence has the same numbers (%i)', async (seed) => {
    const random = createRandom(seed);
    const processes = Array.from({ length: 5 }, () => randomOrders(random));
    const ended = [0, 3];

    const hub = makeHub();
    const workers = processes.map((_, index) => (index % 2 === 0 ? startProcess() : startThread()));
    for (const [index, { worker, tell }] of workers.entries()) {
      hub.api.attach(worker, { name: String(index) });
      await tell(processes[index]!);
      await tell('flush');
    }
    for (const index of ended) await workers[index]!.end('exit');

    const python = spawnSync(pathOf('pythonPrometheusClient'), [join(import.meta.dirname, 'multiprocess.py')], {
      input: JSON.stringify({ processes, ended }),
      encoding: 'utf8',
    });
    expect(python.stderr).toBe('');
    const theirs = JSON.parse(python.stdout) as [string, Record<string, string>, number][];
    expect(theirs.length).toBeGreaterThan(50);
    expect((await samples(hub)).map(comparable).sort()).toEqual(theirs.map(comparable).sort());
  });

  /** One text a sample; Python writes a bound of 1 as 1.0. */
  const comparable = ([name, { le, ...labels }, value]: readonly [string, Record<string, string>, number]): string =>
    JSON.stringify([
      name,
      le === undefined ? null : le === '+Inf' ? le : Number(le),
      Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
      value,
    ]);
});
