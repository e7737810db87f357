import { expect, it, onTestFinished } from 'vitest';
import { BackoffSlots } from '../../../../src/main/jobs/workers/backoff-slots';
import type { WorkerInfo } from '../../../../src/shared/workers';

const LONG = 1_000_000;
const info = (slot: number): WorkerInfo => ({
  slot,
  engine: 'gltf',
  state: 'resting',
  scene: null,
  jobId: null,
  frame: null,
  framesDone: 0,
  startedAt: 0,
});

function made(): { slots: BackoffSlots; over: number[]; first: Promise<number> } {
  const over: number[] = [];
  let tell: (slot: number) => void = () => undefined;
  const first = new Promise<number>((resolve) => (tell = resolve));
  const slots = new BackoffSlots(({ slot }) => {
    over.push(slot);
    tell(slot);
  });
  onTestFinished(() => slots.close());
  return { slots, over, first };
}

it('lets a slot have a worker again when its time is over', async () => {
  const { slots, over, first } = made();
  slots.add(info(1), 7, 10);
  slots.add(info(2), 7, LONG);
  expect([slots.has(1), slots.infos().map(({ slot }) => slot), slots.info(1)]).toEqual([true, [1, 2], info(1)]);
  expect(await first).toBe(1);
  expect([over, slots.has(1), slots.info(1), slots.has(2)]).toEqual([[1], false, null, true]);
});

it('ends those that a job was the cause of, and no others', () => {
  const { slots, over } = made();
  for (const [slot, job] of [
    [1, 7],
    [2, 8],
    [3, 7],
  ] as const)
    slots.add(info(slot), job, LONG);
  slots.endOf(7);
  expect([over, slots.infos().map(({ slot }) => slot)]).toEqual([[1, 3], [2]]);
  slots.close();
  expect([over, slots.infos().map(({ slot }) => slot)]).toEqual([[1, 3], []]);
});
