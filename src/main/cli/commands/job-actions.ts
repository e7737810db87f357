import type { Command } from 'commander';
import type { Job } from '../../../shared/jobs';
import { UserError, messageOf } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { jobLine } from '../describe-job';
import type { HostConnection } from '../host-connection';
import { withJobOptions } from '../job-options';
import { jobId, jobIds } from '../list-jobs';
import { type RenderOptions, jobChangesOf } from '../render-options';
import { printJson } from '../terminal';

const IDS = 'their numbers, as 3, 3,5 or 7-12';

/** What became of one job of several, in the form that `--json` prints. */
interface ActionResult {
  readonly id: number;
  /** The job afterwards; null where it could not be done. */
  readonly job: Job | null;
  /** Why it could not be done, in words. */
  readonly error: string | null;
}

/** `pause`, `resume`, `cancel`, `requeue`, `duplicate`, `edit` and `move`: what is done to jobs. */
export function addJobActionCommands(program: Command, cli: Cli): void {
  const several = (name: string, description: string): Command =>
    withJsonOption(
      withHostOptions(program.command(name).description(description).argument('<id...>', IDS)),
      'print an array of { id, job, error }',
    );

  several('pause', 'stop working on jobs until they are resumed').action(
    cli.run((ids: string[], options: HostOptions & JsonOption) =>
      each(ids, options, cli, (host, id) => host.call('job.pause', { id })),
    ),
  );
  several('resume', 'let paused jobs go on').action(
    cli.run((ids: string[], options: HostOptions & JsonOption) =>
      each(ids, options, cli, (host, id) => host.call('job.resume', { id })),
    ),
  );
  several('cancel', 'end jobs; the images that are done stay').action(
    cli.run((ids: string[], options: HostOptions & JsonOption) =>
      each(ids, options, cli, (host, id) => host.call('job.cancel', { id })),
    ),
  );
  several('requeue', 'render jobs again: the frames that failed or were never rendered, or all')
    .option('--failed', 'frames that failed or were never rendered (default)')
    .option('--all', 'every frame; images that are there are replaced')
    .action(
      cli.run((ids: string[], options: { all?: boolean; failed?: boolean } & HostOptions & JsonOption) => {
        if (options.all && options.failed)
          throw new UserError('--all and --failed exclude each other: leave one of them out.', 'arguments');
        return each(ids, options, cli, (host, id) =>
          host.call('job.requeue', { id, frames: options.all ? 'all' : 'failed' }),
        );
      }),
    );

  const one = (name: string, description: string): Command =>
    withJsonOption(
      withHostOptions(program.command(name).description(description).argument('<id>', 'its number')),
      'print the job',
    );
  one('duplicate', 'queue a new job with the same settings').action(
    cli.run((id: string, options: HostOptions & JsonOption) =>
      single(options, cli, (host) => host.call('job.duplicate', { id: jobId(id) })),
    ),
  );
  withJobOptions(
    one(
      'edit',
      'change a job: priority, --after and --start-at at any time, everything else while it is paused or has not begun',
    ),
    'edit',
  ).action(cli.run((id: string, options: RenderOptions & HostOptions & JsonOption) => edit(id, options, cli)));
  one('move', 'give a job another place in the queue')
    .option('--before <id>', 'before this job')
    .option('--last', 'at the end')
    .action(
      cli.run((id: string, options: { before?: string; last?: boolean } & HostOptions & JsonOption) => {
        if ((options.before === undefined) === !options.last)
          throw new UserError('Say where to: --before ID or --last.', 'arguments');
        const before = options.before === undefined ? null : jobId(options.before);
        return single(options, cli, (host) => host.call('job.move', { id: jobId(id), before }));
      }),
    );
}

async function edit(id: string, options: RenderOptions & HostOptions & JsonOption, cli: Cli): Promise<number> {
  const changes = jobChangesOf(options, cli.target(options).kind === 'remote');
  if (Object.keys(changes).length === 0)
    throw new UserError(
      'Say what to change, as --priority 10 or --frames 1-24: “framegauge edit --help” lists it.',
      'arguments',
    );
  return single(options, cli, (host) => host.call('job.edit', { id: jobId(id), changes }));
}

async function single(
  options: HostOptions & JsonOption,
  cli: Cli,
  act: (host: HostConnection) => Promise<Job>,
): Promise<number> {
  const job = await cli.withHost(options, 'passive', (host) => act(host));
  if (options.json) printJson(cli.terminal, job);
  else cli.terminal.out.write(`${jobLine(job)}\n`);
  return 0;
}

/**
 * Does something to several jobs, one after the other. One that refuses doesn't keep the others from it.
 *
 * @returns 0 when all of them did; 2 when those that did not were asked wrongly, as a job that isn't there; else 1
 */
async function each(
  texts: readonly string[],
  options: HostOptions & JsonOption,
  { terminal, withHost }: Cli,
  act: (host: HostConnection, id: number) => Promise<Job>,
): Promise<number> {
  const ids = jobIds(texts);
  let code = 0;
  const results: ActionResult[] = [];
  await withHost(options, 'passive', async (host) => {
    for (const id of ids) {
      if (terminal.signal.aborted) return;
      try {
        const job = await act(host, id);
        results.push({ id, job, error: null });
        if (!options.json) terminal.out.write(`${jobLine(job)}\n`);
      } catch (error) {
        code = error instanceof UserError && error.kind === 'arguments' && code !== 1 ? 2 : 1;
        results.push({ id, job: null, error: messageOf(error) });
        terminal.err.write(`${messageOf(error)}\n`);
      }
    }
  });
  if (options.json) printJson(terminal, results);
  return results.length < ids.length ? 1 : code;
}
