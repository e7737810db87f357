import { expect, it } from 'vitest';
import { type Assignment, FramesInWork } from '../../../src/main/jobs/frames-in-work';

let leases = 0;
const assignment = (jobId: number, frame: number): Assignment => ({
  jobId,
  frame,
  lease: ++leases,
  slot: 1,
  attempt: 1,
  machine: null,
  busyAtStart: 1,
  controller: new AbortController(),
  workerDone: false,
  live: { worker: null, progress: null, lastSeconds: null },
});

it('knows which frames are under way, and how many workers have one', () => {
  const inWork = new FramesInWork();
  const [one, two, other] = [assignment(1, 1), assignment(1, 2), assignment(2, 1)];
  expect(inWork.empty).toBe(true);
  for (const each of [one, two, other]) inWork.add(each);
  expect([inWork.has(1, 1), inWork.has(1, 3), inWork.has(3, 1)]).toEqual([true, false, false]);
  expect([inWork.busyWorkers(1), inWork.busyWorkers(2), inWork.busyWorkers(3)]).toEqual([2, 1, 0]);
  // Its frame is verified while the worker has gone on.
  inWork.workerDone(one);
  expect([inWork.busyWorkers(1), inWork.busyWorkers(1, null), inWork.holds(one)]).toEqual([1, 1, true]);
  expect([[...inWork.machinesOf(1)], inWork.busyWorkers(1, 'left')]).toEqual([[null], 0]);
  inWork.end(two);
  expect([inWork.machinesOf(1).size, inWork.hasAny(1), inWork.hasAny(3)]).toEqual([0, true, false]);
  for (const each of [one, other]) inWork.end(each);
  expect(inWork.hasAny(1)).toBe(false);
  expect([inWork.empty, inWork.holds(one)]).toEqual([true, false]);
  expect([inWork.busyWorkers(1), inWork.busyWorkers(2), inWork.machinesOf(1).size]).toEqual([0, 0, 0]);
});

it('gives a job’s frames up: their tries hold them no more', () => {
  const inWork = new FramesInWork();
  const [one, two, other] = [assignment(1, 1), assignment(1, 2), assignment(2, 1)];
  for (const each of [one, two, other]) inWork.add(each);
  expect(inWork.giveUp(1)).toEqual([one, two]);
  expect([one, two, other].map(({ controller }) => controller.signal.aborted)).toEqual([true, true, false]);
  expect([one, two, other].map((each) => inWork.holds(each))).toEqual([false, false, true]);
  expect(inWork.giveUp(1)).toEqual([]);
});

it('is not misled by the end of a try whose frame another one has', () => {
  const inWork = new FramesInWork();
  const [zombie, heir] = [assignment(1, 1), assignment(1, 1)];
  inWork.add(zombie);
  inWork.giveUp(1);
  inWork.add(heir);
  inWork.end(zombie);
  inWork.workerDone(zombie);
  expect([inWork.holds(zombie), inWork.holds(heir), inWork.has(1, 1)]).toEqual([false, true, true]);
  expect(inWork.busyWorkers(1)).toBe(1);
});
