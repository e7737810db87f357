import { describe, expect, it } from 'vitest';
import { checkEditForm, editFormOf, imagesLost, isEditable, jobChanges } from '../../../src/renderer/model/edit-form';
import { jobChangesSchema } from '../../../src/shared/jobs';
import { sampleJob, sampleSettings } from '../../helpers/samples';

const job = sampleJob({ state: 'paused', priority: 2, after: [3], startAt: new Date(2026, 10, 22, 2, 30).getTime() });
const before = editFormOf(job);

describe('the form of a job in the queue', () => {
  it('shows what the job has, and changes nothing by itself', () => {
    expect(before).toMatchObject({
      frames: '1-48',
      width: '320',
      priority: '2',
      after: '3',
      startAt: '2026-11-22T02:30',
      attempts: '3',
      failureShare: '10',
      workers: '',
      camera: '',
    });
    expect(checkEditForm(before, false)).toEqual({});
    expect(jobChanges(before, before)).toEqual({});
  });

  it('tells only what was changed', () => {
    const changes = jobChanges(
      { ...before, frames: '1-10,20', width: '640', startAt: '', after: '', failureShare: '25' },
      before,
    );
    expect(changes).toEqual({ frames: '1-10,20', width: 640, startAt: null, after: [], failureShare: 0.25 });
    expect(jobChangesSchema.safeParse(changes).success).toBe(true);
  });

  it('knows how many images a change has rendered anew', () => {
    const begun = { ...job, frames: { total: 48, waiting: 6, rendering: 0, done: 40, failed: 0, skipped: 2 } };
    const lost = (change: Partial<typeof before>): number =>
      imagesLost(jobChanges({ ...before, ...change }, before), begun);
    expect(lost({ name: 'b', frames: '1-10', workers: '2', priority: '5', order: 'reverse' })).toBe(0);
    // Written otherwise, but the same.
    expect(lost({ width: '0320' })).toBe(0);
    for (const change of [{ width: '640' }, { samples: '7' }, { camera: 'B' }, { output: '/b/####' }, { fps: '25' }])
      expect(lost(change)).toBe(40);
    expect(lost({ overwrite: !before.overwrite })).toBe(before.overwrite ? 0 : 2);
  });

  it('tells which machines may render it', () => {
    const limited = sampleJob({
      settings: sampleSettings({ tags: ['gpu'], blockedMachines: ['left'], maxMachines: 2 }),
    });
    const from = editFormOf(limited);
    expect(from).toMatchObject({ tags: 'gpu', blockedMachines: 'left', maxMachines: '2' });
    const changes = jobChanges({ ...from, tags: 'gpu, linux', blockedMachines: '', maxMachines: '' }, from);
    expect(changes).toEqual({ tags: ['gpu', 'linux'], blockedMachines: [], maxMachines: null });
    expect(jobChangesSchema.safeParse(changes).success).toBe(true);
    expect(Object.keys(checkEditForm({ ...from, tags: 'a b', blockedMachines: ',', maxMachines: '0' }, false))).toEqual(
      ['tags', 'blockedMachines', 'maxMachines'],
    );
  });

  it('says what is wrong', () => {
    expect(
      Object.keys(
        checkEditForm(
          { ...before, frames: 'all', width: '0', output: '', fps: '-1', priority: '1000', after: 'x' },
          false,
        ),
      ).sort(),
    ).toEqual(['after', 'fps', 'frames', 'output', 'priority', 'width']);
    expect(checkEditForm({ ...before, frames: '9-1' }, false).frames).toBe(
      'The frame range 9-1 runs backwards: write 1-9.',
    );
  });

  it('is open for all settings while the job is paused or has not begun', () => {
    expect(isEditable(job)).toBe(true);
    expect(isEditable(sampleJob({ state: 'queued', startedAt: null }))).toBe(true);
    expect(isEditable(sampleJob())).toBe(false);
    expect(isEditable(sampleJob({ state: 'queued' }))).toBe(false);
  });
});
