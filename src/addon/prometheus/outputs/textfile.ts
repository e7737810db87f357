import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { MetricFamily } from '../../api/context';
import { writeExposition } from '../../api/metrics/exposition';
import type { Output, OutputPreferences } from './output';

/** Files that this process has written and not removed. An output with another interval for the same file has to know of what the one before it wrote. */
const written = new Set<string>();

/**
 * Writes the metrics into a file for node_exporter's textfile collector (https://github.com/prometheus/node_exporter#textfile-collector): beside it first, then renamed
 * into its place, so that nobody reads half of it.
 *
 * @throws Error where the path cannot be one that node_exporter reads
 */
export function textfileOutput(preferences: OutputPreferences): Output | null {
  const path = preferences.text('textfilePath');
  if (path === '') return null;
  if (!isAbsolute(path))
    throw new Error(`The text file’s path “${path}” is not a whole one: write it from the root of the file system.`);
  if (!path.endsWith('.prom'))
    throw new Error(`The text file’s name “${basename(path)}” does not end in .prom: node_exporter reads no others.`);
  // Of this process: two that were told the same path must not write into one another's.
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);

  return {
    target: path,
    interval: preferences.number('textfileSeconds'),
    growing: true,
    async send(families, signal) {
      const text = writeExposition(withoutProcess(families), 'text');
      try {
        // node_exporter runs as another user.
        await writeFile(draft, text, { mode: 0o644, signal });
        await rename(draft, path);
        written.add(path);
        return 'done';
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        throw explain(error, path);
      }
    },
    /** What the file says is not true any more, and node_exporter would go on to tell it for ever. Only a file that was written here is removed. */
    async leave(moved) {
      if (moved && written.delete(path)) await rm(path, { force: true });
    },
  };
}

/** node_exporter exposes process metrics of its own; it drops a file's series of the same names, and logs an error at every scrape. */
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
