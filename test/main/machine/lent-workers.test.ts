import { expect, it, onTestFinished } from 'vitest';
import type { RenderEngine, Worker, WorkerExit } from '../../../src/main/engines/render-engine';
import { type LentWorkers, createLentWorkers } from '../../../src/main/machine/lent-workers';

const NEVER = new AbortController().signal;
const KIND = { engine: 'flat-colour', setup: '' };

/** @param freeBytes of memory, of which a machine of 16 GB has that left */
function makeWorkers(most: number, freeBytes: () => number): { workers: LentWorkers; started: () => number } {
  let started = 0;
  async function startWorker(): Promise<Worker> {
    started++;
    let end: (exit: WorkerExit) => void = () => undefined;
    return {
      exited: new Promise((resolve) => (end = resolve)),
      usage: () => Promise.resolve(null),
      render: () => expect.unreachable(),
      stop: () => Promise.resolve(end({ reason: 'stopped', message: 'It was stopped.' })),
    };
  }
  const engine = { id: 'flat-colour', startWorker } as unknown as RenderEngine;
  const resources = () => ({ cores: 8, freeBytes: freeBytes(), totalBytes: 16e9 });
  const workers = createLentWorkers({ get: () => engine }, most, resources);
  onTestFinished(() => workers.close());
  return { workers, started: () => started };
}

it('starts as many workers as it may, while memory suffices', async () => {
  const { workers, started } = makeWorkers(3, () => 15e9);
  await Promise.all([1, 2, 3].map((frame) => workers.lend(KIND, '/a.flat', frame, NEVER)));
  expect(started()).toBe(3);
});

it('starts no second worker where memory does not suffice, and lends the first again', async () => {
  const { workers, started } = makeWorkers(3, () => 2e9);
  const first = await workers.lend(KIND, '/a.flat', 1, NEVER);
  const second = workers.lend(KIND, '/a.flat', 2, NEVER);
  first.giveBack(true, null);
  expect((await second).worker).toBe(first.worker);
  expect(started()).toBe(1);
});

it('goes by what frames took', async () => {
  const { workers, started } = makeWorkers(3, () => 8e9);
  const first = await workers.lend(KIND, '/a.flat', 1, NEVER);
  first.giveBack(true, 10e9);
  const again = await workers.lend(KIND, '/a.flat', 2, NEVER);
  const third = workers.lend(KIND, '/a.flat', 3, NEVER);
  again.giveBack(true, 1e9);
  await third;
  expect(started()).toBe(1);
});
