import type { HostEvent, HostState } from '../../shared/host-api';
import type { Frame, Job } from '../../shared/jobs';
import type { Panel } from '../../shared/panels';
import type { OperatorRun } from '../../shared/operators';
import { dropJob, dropJobs, jobTable, NO_JOBS, putJob, type JobTable } from './job-table';
import { addFrame, type MachinePaces } from './machine-pace';
import { addSample, type StatisticsModel } from './statistics-model';

/**
 * The frames of one job, in the job's order, once the host has listed them. There can be a million of them, so a change
 * makes a new table around the same list, which is changed in place.
 */
export type FrameTable =
  /** Asked for; what has been told meanwhile waits for the list, which may be older. */
  | { readonly kind: 'loading'; readonly told: readonly Frame[] }
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'ready';
      readonly list: readonly Frame[];
      readonly indexOf: ReadonlyMap<number, number>;
      /**
       * Frames that have changed since the list came, oldest first; grows in place. A new one is begun when it has become
       * long: who has read the one before reads the whole list.
       */
      readonly changed: readonly number[];
    };

/** Whether the host has listed a job's frames; of one whose frames nobody has asked for yet that is about to be done. */
export function recordsOf(table: FrameTable | undefined): FrameTable['kind'] {
  return table?.kind ?? 'loading';
}

/** A frame of a table; undefined while the table is on its way, and for a frame that is not in it. */
export function rowOf(table: FrameTable | undefined, frame: number): Frame | undefined {
  if (table?.kind !== 'ready') return undefined;
  const at = table.indexOf.get(frame);
  return at === undefined ? undefined : table.list[at];
}

/** What the page knows of its host. Never changed in place, but for what {@link JobTable} and {@link FrameTable} say. */
export interface HostModel {
  /** null until the host has answered for the first time. */
  readonly host: Omit<HostState, 'jobs'> | null;
  readonly jobs: JobTable;
  /** Jobs that are about to be deleted, as the host last told them: `jobs` is without them. */
  readonly held: ReadonlyMap<number, Job>;
  readonly frames: ReadonlyMap<number, FrameTable>;
  /** How fast the machines of the farm render. */
  readonly paces: MachinePaces;
  /** null until they are first shown. */
  readonly statistics: StatisticsModel | null;
  /** Events that came before the state that they belong on top of; null when the state is there. */
  readonly early: readonly HostEvent[] | null;
}

export const EMPTY_MODEL: HostModel = {
  host: null,
  jobs: NO_JOBS,
  held: new Map(),
  frames: new Map(),
  paces: new Map(),
  statistics: null,
  early: [],
};

/** A new connection: what is shown stays, but events are kept back until the new state has come. */
export function awaitState(model: HostModel): HostModel {
  return { ...model, frames: new Map(), statistics: null, early: [] };
}

/**
 * Takes the host's state. Events that came before it are applied on top, in order: each carries the whole of what it
 * tells, so the last one of each thing is at least as new as the state.
 */
export function acceptState(model: HostModel, { jobs, ...host }: HostState): HostModel {
  let next: HostModel = { ...model, host, jobs: jobTable(jobs), held: new Map(), early: null };
  next = holdJobs(next, [...model.held.keys()]);
  for (const event of model.early ?? []) next = applyEvent(next, event);
  return next;
}

export function applyEvent(model: HostModel, event: HostEvent): HostModel {
  if (model.early !== null || model.host === null) return { ...model, early: [...(model.early ?? []), event] };
  const host = model.host;
  switch (event.type) {
    case 'scene':
      return { ...model, host: { ...host, scene: event.scene } };
    case 'scene-file':
      return { ...model, host: { ...host, sceneChanged: event.changed } };
    case 'job':
      if (model.held.has(event.job.id)) return { ...model, held: new Map(model.held).set(event.job.id, event.job) };
      return { ...model, jobs: putJob(model.jobs, event.job) };
    case 'job-removed': {
      const frames = new Map(model.frames);
      frames.delete(event.id);
      const held = new Map(model.held);
      held.delete(event.id);
      return { ...model, frames, held, jobs: dropJob(model.jobs, event.id) };
    }
    case 'queue':
      return { ...model, host: { ...host, queue: event.queue } };
    case 'frame':
      return {
        ...model,
        frames: putFrame(model.frames, event.jobId, event.frame),
        paces: addFrame(model.paces, event.frame),
      };
    case 'workers':
      return { ...model, host: { ...host, workers: event.workers } };
    case 'machines':
      return { ...model, host: { ...host, machines: event.machines } };
    case 'addons':
      return { ...model, host: { ...host, addons: event.addons } };
    case 'operators':
      return { ...model, host: { ...host, operators: event.operators } };
    case 'operator-run':
      return { ...model, host: { ...host, operatorRuns: putRun(host.operatorRuns, event.run) } };
    case 'panel':
      return { ...model, host: { ...host, panels: putPanel(host.panels, event.panel) } };
    case 'panel-removed':
      return { ...model, host: { ...host, panels: host.panels.filter(({ id }) => id !== event.id) } };
    case 'preferences':
      return { ...model, host: { ...host, preferences: event.preferences } };
    case 'statistics':
      return model.statistics === null
        ? model
        : { ...model, statistics: addSample(model.statistics, event.sample, event.frameTimes, event.failures) };
    case 'notice':
      return host.notices.some((notice) => notice.id === event.notice.id)
        ? model
        : { ...model, host: { ...host, notices: [...host.notices, event.notice] } };
    case 'notice-gone':
      return { ...model, host: { ...host, notices: host.notices.filter(({ id }) => id !== event.id) } };
  }
}

/** Takes jobs out of the window that are about to be deleted. */
export function holdJobs(model: HostModel, ids: readonly number[]): HostModel {
  const held = new Map(model.held);
  for (const id of ids) {
    const job = model.jobs.byId.get(id);
    if (job) held.set(id, job);
  }
  return { ...model, held, jobs: dropJobs(model.jobs, new Set(ids)) };
}

/** Brings jobs back that are not deleted after all. */
export function releaseJobs(model: HostModel, ids: readonly number[]): HostModel {
  const held = new Map(model.held);
  const back = ids.flatMap((id) => model.held.get(id) ?? []);
  for (const id of ids) held.delete(id);
  return { ...model, held, jobs: jobTable([...model.jobs.byId.values(), ...back]) };
}

/** As many runs of operators are kept as the host keeps. */
const RUNS_KEPT = 100;

function putRun(runs: readonly OperatorRun[], run: OperatorRun): OperatorRun[] {
  const at = runs.findIndex((known) => known.run === run.run);
  return at === -1 ? [...runs, run].slice(-RUNS_KEPT) : runs.with(at, run);
}

function putPanel(panels: readonly Panel[], panel: Panel): Panel[] {
  const at = panels.findIndex(({ id }) => id === panel.id);
  return at === -1 ? [...panels, panel] : panels.with(at, panel);
}

/** As many jobs' frames are kept as a person goes back and forth between; a job can have a million. */
const TABLES_KEPT = 6;

/**
 * A job's frames are being asked for; from now on frame events of it are kept. Those of the job asked for longest ago
 * may be forgotten for it.
 */
export function awaitFrames(model: HostModel, jobId: number): HostModel {
  const kept = [...model.frames].filter(([id, { kind }]) => id !== jobId && kind !== 'failed').slice(1 - TABLES_KEPT);
  return { ...model, frames: new Map<number, FrameTable>([...kept, [jobId, { kind: 'loading', told: [] }]]) };
}

/** Asking for a job's frames failed. They are asked for anew once others have been, or on a new connection. */
export function failFrames(model: HostModel, jobId: number): HostModel {
  if (model.frames.get(jobId)?.kind !== 'loading') return model;
  return { ...model, frames: new Map(model.frames).set(jobId, { kind: 'failed' }) };
}

export function acceptFrames(model: HostModel, jobId: number, list: readonly Frame[]): HostModel {
  const table = model.frames.get(jobId);
  // The job was removed, or the connection lost, while its frames were on their way.
  if (table?.kind !== 'loading') return model;
  let frames: ReadonlyMap<number, FrameTable> = new Map(model.frames).set(jobId, readyTable(list));
  for (const frame of table.told) frames = putFrame(frames, jobId, frame);
  return { ...model, frames };
}

/** As many changes at least are kept for those who follow them. */
const LEAST_CHANGES = 1_000;

function readyTable(list: readonly Frame[]): FrameTable {
  return { kind: 'ready', list, indexOf: new Map(list.map((frame, index) => [frame.frame, index])), changed: [] };
}

function putFrame(
  frames: ReadonlyMap<number, FrameTable>,
  jobId: number,
  frame: Frame,
): ReadonlyMap<number, FrameTable> {
  const table = frames.get(jobId);
  // This job's frames are not on screen; they are requested when they are.
  if (!table || table.kind === 'failed') return frames;
  if (table.kind === 'loading') return new Map(frames).set(jobId, { kind: 'loading', told: [...table.told, frame] });
  const at = table.indexOf.get(frame.frame);
  if (at === undefined) return new Map(frames).set(jobId, readyTable([...table.list, frame]));
  (table.list as Frame[])[at] = frame;
  const changed = table.changed.length < Math.max(LEAST_CHANGES, table.list.length) ? table.changed : [];
  (changed as number[]).push(frame.frame);
  return new Map(frames).set(jobId, { ...table, changed });
}
