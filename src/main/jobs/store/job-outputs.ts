import { dirname, sep } from 'node:path';
import type { JobList } from './job-list';
import type { StoreConnection } from './store-connection';

/** Finds jobs by their output folders. */
export class JobOutputs {
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
