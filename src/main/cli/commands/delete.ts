import { dirname } from 'node:path';
import type { Command } from 'commander';
import { FINAL_JOB_STATES } from '../../../shared/job-constants';
import type { Job } from '../../../shared/jobs';
import { UserError, messageOf } from '../../../shared/user-error';
import { askYes, canAsk } from '../ask';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { counted, formatBytes, stateOf } from '../describe-job';
import { addedFailure } from '../exit-code';
import type { HostConnection } from '../host-connection';
import { jobIds } from '../list-jobs';
import { printable } from '../table';
import { printJson } from '../terminal';

interface DeleteOptions extends HostOptions, JsonOption {
  readonly files?: boolean;
  readonly yes?: boolean;
}

/** What deleting one job would remove. */
interface Removal {
  readonly job: Job;
  readonly files: readonly string[];
  readonly bytes: number;
}

/** `delete`: deletes jobs, after showing what would be removed. */
export function addDeleteCommand(program: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      program
        .command('delete')
        .description('take jobs out of the list; their images stay unless --files is given')
        .argument('<id...>', 'their numbers, as 3, 3,5 or 7-12'),
    ),
    'print an array of { id, filesDeleted, error }',
  )
    .option('--files', 'delete their images too: those that they wrote and that nobody changed since')
    .option('--yes', 'don’t ask')
    .action(cli.run((ids: string[], options: DeleteOptions) => deleteJobs(ids, options, cli)));
}

/**
 * Deletes jobs, one after another. One that can't be deleted doesn't stop the rest.
 *
 * @returns the exit code: 0 only if every job was deleted
 */
async function deleteJobs(
  texts: readonly string[],
  options: DeleteOptions,
  { terminal, withHost }: Cli,
): Promise<number> {
  const ids = jobIds(texts);
  const asks = options.yes !== true && canAsk(terminal);
  if (options.files && !options.yes && !asks)
    throw new UserError('Deleting images wants a yes, and there is no terminal to ask on: add --yes.', 'arguments');
  return withHost(options, { passive: true }, async (host) => {
    const removals: Removal[] = [];
    let code: 0 | 1 | 2 = 0;
    const results: { id: number; filesDeleted: number; error: string | null }[] = [];
    const failed = (id: number, error: unknown): void => {
      code = addedFailure(code, error);
      results.push({ id, filesDeleted: 0, error: messageOf(error) });
      terminal.err.write(`${messageOf(error)}\n`);
    };
    for (const id of ids) {
      try {
        removals.push(await removalOf(host, id, options.files === true));
      } catch (error) {
        failed(id, error);
      }
    }
    for (const removal of removals) terminal.err.write(`${describe(removal, options.files === true)}\n`);
    if (options.files && removals.length > 1) {
      const files = removals.reduce((sum, removal) => sum + removal.files.length, 0);
      terminal.err.write(
        `Together ${counted(files, 'file')} with ${formatBytes(removals.reduce((sum, removal) => sum + removal.bytes, 0))}.\n`,
      );
    }
    if (
      asks &&
      removals.length > 0 &&
      !(await askYes(terminal, `Delete ${removals.length === 1 ? 'it' : `these ${removals.length} jobs`}?`))
    ) {
      terminal.err.write('Nothing was deleted.\n');
      return 1;
    }
    for (const { job } of removals) {
      try {
        const { filesDeleted } = await host.call('job.remove', { id: job.id, files: options.files === true });
        results.push({ id: job.id, filesDeleted, error: null });
        if (!options.json)
          terminal.out.write(
            `Job ${job.id} is deleted${options.files ? `, and ${counted(filesDeleted, 'file')} with it` : ''}.\n`,
          );
      } catch (error) {
        failed(job.id, error);
      }
    }
    if (options.json)
      printJson(
        terminal,
        results.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)),
      );
    return code;
  });
}

async function removalOf(host: HostConnection, id: number, files: boolean): Promise<Removal> {
  const job = await host.call('job.get', { id });
  return { job, ...(files ? await host.call('job.removal', { id }) : { files: [], bytes: 0 }) };
}

function describe({ job, files, bytes }: Removal, withFiles: boolean): string {
  const unfinished = FINAL_JOB_STATES.includes(job.state)
    ? ''
    : `, with ${counted(job.frames.waiting + job.frames.rendering, 'frame')} not rendered`;
  const what = `Job ${job.id} (${printable(job.name)}, ${stateOf(job)}${unfinished})`;
  if (!withFiles) return `${what} goes out of the list; its images stay.`;
  if (files.length === 0) return `${what} goes out of the list; it has no images to delete.`;
  const folders = new Set(files.map((file) => dirname(file)));
  const where = folders.size === 1 ? [...folders][0]! : counted(folders.size, 'folder');
  return `${what} goes with ${counted(files.length, 'file')} (${formatBytes(bytes)}) in ${printable(where)}.`;
}
