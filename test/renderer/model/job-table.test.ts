import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/shared/jobs';
import {
  dropJob,
  jobOfScene,
  jobTable,
  leadingJob,
  priorityGroups,
  putJob,
  renderingJob,
  type JobTable,
} from '../../../src/renderer/model/job-table';
import { sampleJob } from '../../helpers/samples';

const queued = (id: number, change: Partial<Job> = {}): Job =>
  sampleJob({ id, state: 'queued', position: id, ...change });
const ended = (id: number, finishedAt: number): Job => sampleJob({ id, position: id, state: 'completed', finishedAt });
const lists = ({ open, rendering, finished }: JobTable) => ({ open, rendering, finished });

describe('the table of jobs', () => {
  it('has those to come in queue order, and those that have ended by when they did', () => {
    const table = jobTable([ended(1, 5), queued(2), ended(3, 9), sampleJob({ id: 4, position: 4 })]);
    expect(lists(table)).toEqual({ open: [2, 4], rendering: [4], finished: [3, 1] });
  });

  it('puts a new job at the end, and takes one that ends or begins again from list to list', () => {
    let table = putJob(jobTable([queued(1), queued(2)]), queued(3));
    expect(table.open).toEqual([1, 2, 3]);
    table = putJob(table, sampleJob({ id: 2, position: 2 }));
    expect(lists(table)).toEqual({ open: [1, 2, 3], rendering: [2], finished: [] });
    table = putJob(table, ended(2, 7));
    expect(lists(table)).toEqual({ open: [1, 3], rendering: [], finished: [2] });
    expect(lists(putJob(table, queued(2)))).toEqual({ open: [1, 2, 3], rendering: [], finished: [] });
  });

  it('goes by the places that the host tells', () => {
    const table = jobTable([queued(1, { position: 10 }), queued(2, { position: 20 }), queued(3, { position: 30 })]);
    expect(putJob(table, queued(3, { position: 15 })).open).toEqual([1, 3, 2]);
    expect(jobTable([queued(1, { position: 2 }), queued(2, { position: 1 })]).open).toEqual([2, 1]);
  });

  it('has jobs in the order in which they are rendered: higher priority first, then their place, then their number', () => {
    const table = jobTable([
      queued(1),
      queued(2, { priority: 5 }),
      queued(3, { priority: -1 }),
      queued(4, { priority: 5, position: 0 }),
      queued(6, { position: 1 }),
    ]);
    expect(table.open).toEqual([4, 2, 1, 6, 3]);
    expect(priorityGroups(table)).toEqual([
      { priority: 5, ids: [4, 2] },
      { priority: 0, ids: [1, 6] },
      { priority: -1, ids: [3] },
    ]);
    expect(putJob(table, queued(3, { priority: 9 })).open).toEqual([3, 4, 2, 1, 6]);
  });

  it('finds the job by which a scene is shown', () => {
    const of = (scene: string, job: Job): Job => ({ ...job, settings: { ...job.settings, scene } });
    const table = jobTable([
      of('/a.glb', ended(1, 5)),
      of('/a.glb', ended(2, 9)),
      of('/b.glb', queued(3)),
      of('/b.glb', sampleJob({ id: 4, position: 4 })),
      of('/c.glb', queued(5)),
    ]);
    expect(['/a.glb', '/b.glb', '/c.glb', '/d.glb'].map((path) => jobOfScene(table, path)?.id)).toEqual([
      2,
      4,
      5,
      undefined,
    ]);
  });

  it('leaves the lists as they are while only the progress of a job changes', () => {
    const table = jobTable([queued(1), sampleJob({ id: 2, position: 2 })]);
    const next = putJob(table, sampleJob({ id: 2, position: 2, framesPerMinute: 7 }));
    expect(next).not.toBe(table);
    expect(next.open).toBe(table.open);
    expect(next.rendering).toBe(table.rendering);
    expect(next.byId.get(2)!.framesPerMinute).toBe(7);
  });

  it('takes out what was removed', () => {
    const table = dropJob(jobTable([queued(1), ended(2, 1)]), 1);
    expect(lists(table)).toEqual({ open: [], rendering: [], finished: [2] });
    expect(table.byId.has(1)).toBe(false);
    expect(dropJob(table, 77)).toBe(table);
  });

  it('is led by the job being rendered, else the next to be, else the one that ended last', () => {
    expect(leadingJob(jobTable([ended(1, 9), ended(2, 5), queued(3), sampleJob({ id: 4 })]))!.id).toBe(4);
    expect(leadingJob(jobTable([ended(1, 9), ended(2, 5), queued(3)]))!.id).toBe(3);
    expect(leadingJob(jobTable([ended(1, 9), ended(2, 5)]))!.id).toBe(1);
    expect(leadingJob(jobTable([]))).toBeNull();
    expect(renderingJob(jobTable([queued(3)]))).toBeNull();
  });
});
