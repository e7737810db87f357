import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { MetricFamily } from '../../api/context';
import { writeExposition } from '../../api/metrics/exposition';
import type { Output, OutputPreferences } from './output';
import { withoutTimes } from './without-times';

/**
 * Files that this process has written and not removed. A replacement output for the same file, for instance with
 * another interval, must know what the previous one wrote.
 */
const written = new Set<string>();

/**
 * Writes the metrics to a file for node_exporter's textfile collector
 * (https://github.com/prometheus/node_exporter#textfile-collector): to a temporary file first, then renamed, so that
 * nobody reads a partial file.
 *
 * @throws Error where the path is none that node_exporter reads
 */
export function textfileOutput(preferences: OutputPreferences): Output | null {
  const path = preferences.text('textfilePath');
  if (path === '') return null;
  if (!isAbsolute(path))
    throw new Error(`The text file’s path “${path}” is not a whole one: write it from the root of the file system.`);
  if (!path.endsWith('.prom'))
    throw new Error(`The text file’s name “${basename(path)}” does not end in .prom: node_exporter reads no others.`);
  // Named by process: two processes configured with the same path must not write into each other's temporary file.
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);

  return {
    target: path,
    interval: preferences.number('textfileSeconds'),
    growing: true,
    async send(families, signal) {
      const text = writeExposition(withoutTimes(withoutProcess(families)), 'text');
      try {
        await writeFile(draft, text, { signal });
        // node_exporter runs as another user, and a mode passed to writeFile would be subject to this process's umask.
        await chmod(draft, 0o644);
        await rename(draft, path);
        written.add(path);
        return 'done';
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        throw explain(error, path);
      }
    },
    /**
     * The file's content is outdated, and node_exporter would expose it for ever. Only a file written by this process
     * is removed.
     */
    async leave(moved) {
      if (moved && written.delete(path)) await rm(path, { force: true });
    },
  };
}

/**
 * node_exporter exposes its own process metrics; it drops a file's series of the same names and logs an error at every
 * scrape.
 */
function withoutProcess(families: readonly MetricFamily[]): MetricFamily[] {
  return families.filter(({ name }) => !name.startsWith('process_'));
}

function explain(error: unknown, path: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const cause =
    code === 'ENOENT'
      ? `there is no folder ${dirname(path)}`
      : code === 'EISDIR'
        ? 'it is a folder'
        : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
          ? `writing in the folder ${dirname(path)} is not permitted`
          : code === 'ENOSPC' || code === 'EDQUOT'
            ? 'the disk is full'
            : code === 'ENOTDIR'
              ? `${dirname(path)} is not a folder`
              : message;
  return new Error(`The text file ${path} could not be written: ${cause}.`, { cause: error });
}
