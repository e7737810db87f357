import { FINAL_JOB_STATES, type JobState } from '../../../shared/jobs';
import type { JobEntry, JobRow } from './job-row';

/** Minimum distance of two positions that still leaves room for a third between them. */
const LEAST_GAP = 1e-6;

/**
 * All jobs in memory, as last stored: by id, in queue order, in rendering order, and by dependency. Scheduling reads
 * them constantly, with tens of thousands of jobs.
 */
export class JobList {
  readonly #entries = new Map<number, JobEntry>();
  readonly #followers = new Map<number, Set<number>>();
  /** Changes with every change to a job. */
  revision = 0;
  readonly #unfinished = new Set<number>();
  #ordered: JobEntry[] = [];
  #ranked: readonly JobEntry[] | null = null;

  /** @param entries in queue order */
  constructor(entries: readonly JobEntry[]) {
    for (const entry of entries) this.add(entry);
  }

  find(id: number): JobEntry | undefined {
    return this.#entries.get(id);
  }

  /** @throws Error when there is no such job: a program fault */
  get(id: number): JobEntry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`There is no job ${id}.`);
    return entry;
  }

  /** In queue order. */
  all(): readonly JobEntry[] {
    return this.#ordered;
  }

  /** In queue order; all jobs if no states are given. */
  inStates(states?: readonly JobState[]): readonly JobEntry[] {
    if (!states) return this.#ordered;
    const among = states.some((state) => FINAL_JOB_STATES.includes(state)) ? this.#ordered : this.unfinished();
    return among.filter(({ row }) => states.includes(row.state));
  }

  /** Unfinished jobs, in queue order. */
  unfinished(): readonly JobEntry[] {
    // For a small number, sorting them is faster than filtering all.
    if (this.#unfinished.size * 10 > this.#ordered.length)
      return this.#ordered.filter(({ row }) => this.#unfinished.has(row.id));
    return [...this.#unfinished]
      .map((id) => this.get(id))
      .sort((a, b) => a.row.place - b.row.place || a.row.id - b.row.id);
  }

  get unfinishedCount(): number {
    return this.#unfinished.size;
  }

  /** In rendering order: higher priority first, then queue order. */
  ranked(): readonly JobEntry[] {
    return (this.#ranked ??= byPriority(this.#ordered));
  }

  /** Ids of the jobs that depend on a job. */
  followers(id: number): number[] {
    return [...(this.#followers.get(id) ?? [])];
  }

  /** Adds a job at the end of the queue. */
  add(entry: JobEntry): void {
    this.revision++;
    const { id } = entry.row;
    this.#entries.set(id, entry);
    this.#ordered.push(entry);
    this.#ranked = null;
    this.#noteState(entry);
    this.#follow(id, entry.after);
  }

  remove(entry: JobEntry): void {
    this.revision++;
    const { id } = entry.row;
    this.#unfollow(id, entry.after);
    this.#entries.delete(id);
    this.#unfinished.delete(id);
    this.#ordered.splice(this.#ordered.indexOf(entry), 1);
    this.#ranked = null;
  }

  /** Applies a stored change to a job; positions are changed by {@link reorder}. */
  update(entry: JobEntry, change: Partial<JobRow>): void {
    this.revision++;
    if (change.comes_after !== undefined) this.#unfollow(entry.row.id, entry.after);
    entry.update(change);
    if (change.comes_after !== undefined) this.#follow(entry.row.id, entry.after);
    if (change.state !== undefined) this.#noteState(entry);
    if (change.priority !== undefined) this.#ranked = null;
  }

  /** The position after all others. */
  nextPosition(): number {
    return Math.floor(this.#ordered.at(-1)?.row.place ?? 0) + 1;
  }

  /**
   * Positions after moving a job before another: only its own changes, or all if there is no gap left. Changes nothing
   * yet.
   *
   * @param next the job that will follow it; null to move it to the end
   */
  positionsWhenMoved(entry: JobEntry, next: JobEntry | null): Map<JobEntry, number> {
    if (next === entry) return new Map([[entry, entry.row.place]]);
    const others = this.#ordered.filter((other) => other !== entry);
    const at = next ? others.indexOf(next) : others.length;
    const low = others[at - 1]?.row.place ?? (next ? next.row.place - 2 : 0);
    const position = next ? (low + next.row.place) / 2 : Math.floor(low) + 1;
    if (!next || next.row.place - position >= LEAST_GAP) return new Map([[entry, position]]);
    others.splice(at, 0, entry);
    return new Map(others.map((each, index) => [each, index + 1]));
  }

  /** Applies stored positions. */
  reorder(positions: ReadonlyMap<JobEntry, number>): void {
    this.revision++;
    for (const [entry, position] of positions) entry.update({ place: position });
    this.#ordered.sort((a, b) => a.row.place - b.row.place || a.row.id - b.row.id);
    this.#ranked = null;
  }

  #noteState({ row: { id, state } }: JobEntry): void {
    if (FINAL_JOB_STATES.includes(state)) this.#unfinished.delete(id);
    else this.#unfinished.add(id);
  }

  #follow(id: number, after: readonly number[]): void {
    for (const earlier of after) {
      const followers = this.#followers.get(earlier);
      if (followers) followers.add(id);
      else this.#followers.set(earlier, new Set([id]));
    }
  }

  #unfollow(id: number, after: readonly number[]): void {
    for (const earlier of after) this.#followers.get(earlier)?.delete(id);
  }
}

/** One pass per priority, since sorting a long list for every page would take too long. */
function byPriority(ordered: readonly JobEntry[]): JobEntry[] {
  const groups = new Map<number, JobEntry[]>();
  for (const entry of ordered) {
    const group = groups.get(entry.row.priority);
    if (group) group.push(entry);
    else groups.set(entry.row.priority, [entry]);
  }
  return [...groups].sort(([a], [b]) => b - a).flatMap(([, entries]) => entries);
}
