import { dirname, sep } from 'node:path';
import type { VolumeOf, VolumeStore } from '../output/output-volume';
import type { JobList } from './job-list';
import type { JobEntry, JobRow } from './job-row';
import type { StoreConnection } from './store-connection';

/** Where the roots of a job's volumes are stored. */
const COLUMNS = { output: 'volume', scene: 'scene_volume' } as const satisfies Record<VolumeOf, keyof JobRow>;

/** The files that jobs read and write: finds jobs by their output folders, and knows the volumes of these. */
export class JobOutputs implements VolumeStore {
  readonly #connection: StoreConnection;
  readonly #jobs: JobList;

  constructor(connection: StoreConnection, jobs: JobList) {
    this.#connection = connection;
    this.#jobs = jobs;
  }

  /** The output patterns of all jobs. */
  patterns(): string[] {
    const rows = this.#connection.all(
      `SELECT DISTINCT settings ->> 'output' AS output FROM jobs WHERE json_valid(settings)`,
    );
    return (rows as { output: string }[]).map(({ output }) => output);
  }

  /** The output folders of unfinished jobs. */
  unfinishedFolders(): string[] {
    return [...new Set(this.#jobs.unfinished().map(({ settings }) => dirname(settings.output)))];
  }

  /** The output folders of the jobs that ended last, without previews. @param most maximum number of jobs */
  endedFolders(most: number): string[] {
    const endedAt = ({ row }: JobEntry): number => row.finished_at ?? 0;
    let latest: JobEntry[] = [];
    const cut = (): JobEntry[] => latest.sort((a, b) => endedAt(b) - endedAt(a)).slice(0, most);
    let least = 0;
    // Backwards: those that ended last are near the end, so that nearly all others are passed over.
    const entries = this.#jobs.all();
    for (let index = entries.length - 1; index >= 0; index--) {
      const entry = entries[index]!;
      if (endedAt(entry) <= least || entry.settings.preview) continue;
      latest.push(entry);
      if (latest.length < 2 * most) continue;
      latest = cut();
      least = endedAt(latest.at(-1)!);
    }
    return [...new Set(cut().map(({ settings }) => dirname(settings.output)))];
  }

  /** The scene files of unfinished jobs. */
  unfinishedScenes(): string[] {
    return [...new Set(this.#jobs.unfinished().map(({ settings }) => settings.scene))];
  }

  /** As {@link VolumeStore}. */
  volume(id: number, of: VolumeOf): string | null {
    return this.#jobs.find(id)?.row[COLUMNS[of]] ?? null;
  }

  setVolume(id: number, of: VolumeOf, root: string): void {
    const entry = this.#jobs.find(id);
    if (!entry) return;
    const change = { [COLUMNS[of]]: root };
    this.#connection.update('jobs', { id }, change);
    this.#jobs.update(entry, change);
  }

  /** The jobs that write to a folder, newest first. */
  jobsIn(folder: string): number[] {
    const rows = this.#connection.all('SELECT id FROM jobs WHERE folder = ? ORDER BY id DESC', folder);
    return (rows as { id: number }[]).map(({ id }) => id);
  }

  /** The jobs that write to a folder or one below it, newest first. @param most maximum number of jobs */
  jobsBelow(folder: string, most: number): number[] {
    const rows = this.#connection.all(
      'SELECT id FROM jobs WHERE folder = ? OR (folder > ? AND folder < ?) ORDER BY id DESC LIMIT ?',
      folder,
      folder + sep,
      folder + String.fromCharCode(sep.charCodeAt(0) + 1),
      most,
    );
    return (rows as { id: number }[]).map(({ id }) => id);
  }
}
