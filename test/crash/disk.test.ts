import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HostEvent } from '../../src/shared/host-api';
import type { Frame, Job, QueueInfo } from '../../src/shared/jobs';
import { TURNTABLE } from '../helpers/cli';
import { type ControlHost, startControlHost } from '../helpers/control-host';
import { needs } from '../helpers/needs';
import { fillDisk, smallDisk } from '../helpers/small-disk';
import { temporaryFolder } from '../helpers/temporary-folder';
import { paperPages } from './paper-pages';

/** Settles with the first event that fits. */
function seen<T extends HostEvent>({ host }: ControlHost, fits: (event: HostEvent) => event is T): Promise<T> {
  return new Promise((resolve) => {
    const stop = host.subscribe((event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
    onTestFinished(stop);
  });
}

const held = (control: ControlHost): Promise<{ queue: QueueInfo }> =>
  seen(
    control,
    (event): event is Extract<HostEvent, { type: 'queue' }> =>
      event.type === 'queue' && event.queue.state === 'paused' && event.queue.reason !== null,
  );

const ended = (control: ControlHost, id: number): Promise<{ job: Job }> =>
  seen(
    control,
    (event): event is Extract<HostEvent, { type: 'job' }> =>
      event.type === 'job' && event.job.id === id && ['completed', 'failed', 'cancelled'].includes(event.job.state),
  );

async function call<T>({ host }: ControlHost, operation: string, input: unknown): Promise<T> {
  const reply = await host.call(operation, input);
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value as T;
}

/** A job of six frames on one worker into a folder. */
function submit(control: ControlHost, output: string): Promise<Job> {
  return call<Job>(control, 'job.submit', {
    scene: TURNTABLE,
    frames: '1-6',
    width: 64,
    height: 36,
    samples: 1,
    workers: 1,
    output: join(output, '####.png'),
  });
}

const framesOf = (control: ControlHost, { id }: Job): Promise<Frame[]> => call<Frame[]>(control, 'job.frames', { id });
const WHOLE = ['0001.png', '0002.png', '0003.png', '0004.png', '0005.png', '0006.png'];

needs.smallDisk('on a small disk', () => {
  it('that gets full under a frame, the queue waits for room; no frame is lost and none loses a try', async () => {
    const disk = await smallDisk(2);
    let free: (() => void) | null = null;
    let job: Job | null = null;
    const control = await startControlHost({
      pages: paperPages(async ({ frame }) => {
        if (frame !== 3 || free) return;
        // The one before is put in its place while this one is rendered.
        await expect.poll(async () => (await framesOf(control, job!))[1]!.state, { timeout: 60_000 }).toBe('done');
        free = fillDisk(disk);
      }),
    });
    await call(control, 'preferences.set', { key: 'queue.minFreeSpace', value: 0.0001 });
    const waiting = held(control);
    job = await submit(control, join(disk, 'out'));
    const end = ended(control, job.id);
    expect((await waiting).queue.reason).toMatch(/free|room/);
    expect(statfsSync(disk).bavail).toBeLessThan(30);
    // The queue may see the disk before the frame that is being rendered fails to be written.
    await expect
      .poll(async () => (await framesOf(control, job!)).map(({ state }) => state))
      .toEqual(['done', 'done', 'waiting', 'waiting', 'waiting', 'waiting']);
    free!();
    const done = (await end).job;
    expect(done).toMatchObject({ state: 'completed', frames: { done: 6, failed: 0 } });
    expect(readdirSync(join(disk, 'out')).sort()).toEqual(WHOLE);
    expect(
      (await call<{ events: { name: string }[] }>(control, 'events.list', { after: 0, limit: 1_000 })).events.filter(
        ({ name }) => name === 'frame_failed',
      ),
    ).toEqual([]);
  });

  it('that becomes read-only, the job ends and says why; requeued, it renders what is missing', async () => {
    const disk = await smallDisk(2);
    const remount = (how: string): boolean => spawnSync('mount', ['-o', `remount,${how}`, disk]).status === 0;
    onTestFinished(() => void remount('rw'));
    let job: Job | null = null;
    let remounted = false;
    const control = await startControlHost({
      pages: paperPages(async ({ frame }) => {
        if (frame !== 3 || remounted) return;
        await expect.poll(async () => (await framesOf(control, job!))[0]!.state, { timeout: 60_000 }).toBe('done');
        // It is busy as long as a file on it is open for writing.
        await expect.poll(() => remount('ro'), { timeout: 60_000 }).toBe(true);
        remounted = true;
      }),
    });
    await call(control, 'preferences.set', { key: 'queue.minFreeSpace', value: 0 });
    mkdirSync(join(disk, 'out'));
    job = await submit(control, join(disk, 'out'));
    const failed = (await ended(control, job.id)).job;
    expect(failed.state).toBe('failed');
    expect(failed.reason).toMatch(/read-only/i);
    const done = (await framesOf(control, job)).filter(({ state }) => state === 'done');
    expect(done.map(({ frame }) => frame)).toContain(1);
    expect(remount('rw')).toBe(true);
    const end = ended(control, job.id);
    await call(control, 'job.requeue', { id: job.id, frames: 'failed' });
    expect((await end).job).toMatchObject({ state: 'completed', frames: { done: 6 } });
    expect(readdirSync(join(disk, 'out')).sort()).toEqual(WHOLE);
    // What was done is not rendered again.
    expect((await framesOf(control, job)).filter(({ frame }) => done.some((before) => before.frame === frame))).toEqual(
      done,
    );
    await expect.poll(() => remount('ro'), { timeout: 60_000 }).toBe(true);
    await expect(call(control, 'job.remove', { id: job.id, files: true })).rejects.toThrow(
      /^The job was deleted, but not all of its images: “.+0001\.png” cannot be deleted \(the file system is read-only\)\./,
    );
  });
});

describe('an output folder', () => {
  it('that is deleted under the job is made again, and the job goes on', async () => {
    const output = join(temporaryFolder(), 'out');
    let deleted = false;
    const control = await startControlHost({
      pages: paperPages(({ frame }) => {
        if (frame === 4 && !deleted) rmSync(output, { recursive: true, force: true });
        deleted ||= frame === 4;
      }),
    });
    await call(control, 'preferences.set', { key: 'queue.minFreeSpace', value: 0 });
    const job = await submit(control, output);
    const end = (await ended(control, job.id)).job;
    // It tries again what was taken from under it.
    expect(end).toMatchObject({ state: 'completed', frames: { done: 6 } });
    expect(readdirSync(output).sort()).toEqual(expect.arrayContaining(['0005.png', '0006.png']));
    expect(readdirSync(output).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('that turns into a file is named as what is wrong', async () => {
    const output = join(temporaryFolder(), 'out');
    const control = await startControlHost({
      pages: paperPages(({ frame }) => {
        if (frame !== 4) return;
        rmSync(output, { recursive: true, force: true });
        writeFileSync(output, 'not a folder');
      }),
    });
    await call(control, 'preferences.set', { key: 'queue.minFreeSpace', value: 0 });
    const job = await submit(control, output);
    const end = (await ended(control, job.id)).job;
    expect(end.state).toBe('failed');
    expect(end.reason).toContain(output);
  });
});
