import { dirname, sep } from 'node:path';
import type { VolumeStore } from '../output/output-volume';
import type { JobList } from './job-list';
import type { StoreConnection } from './store-connection';

/** Finds jobs by their output folders, and knows the volumes of these. */
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

  /** As {@link VolumeStore}. */
  volume(id: number): string | null {
    return this.#jobs.find(id)?.row.volume ?? null;
  }

  setVolume(id: number, root: string): void {
    const entry = this.#jobs.find(id);
    if (!entry) return;
    this.#connection.update('jobs', { id }, { volume: root });
    this.#jobs.update(entry, { volume: root });
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
