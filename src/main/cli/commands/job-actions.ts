import type { Command } from 'commander';
import { parseFrameRange } from '../../../shared/frame-range';
import type { ConflictPolicy, Job } from '../../../shared/jobs';
import { UserError, messageOf } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { jobLine, outputLine } from '../describe-job';
import { addedFailure } from '../exit-code';
import type { HostConnection } from '../host-connection';
import { withJobOptions, withConflictOptions } from '../job-options';
import { jobId, jobIds } from '../list-jobs';
import type { RenderOptions } from '../render-options';
import { printJson } from '../terminal';

const IDS = 'their numbers, as 3, 3,5 or 7-12';

/** The result for one of several jobs, in the form printed by `--json`. */
interface ActionResult {
  readonly id: number;
  /** The job afterwards; null on failure. */
  readonly job: Job | null;
  /** Why it failed, in words. */
  readonly error: string | null;
}

interface RequeueOptions {
  readonly all?: boolean;
  readonly failed?: boolean;
  readonly frames?: string;
}

/** `pause`, `resume`, `cancel`, `requeue`, `duplicate`, `edit` and `move`. */
export function addJobActionCommands(program: Command, cli: Cli): void {
  const several = (name: string, description: string): Command =>
    withJsonOption(
      withHostOptions(program.command(name).description(description).argument('<id...>', IDS)),
      'print an array of { id, job, error }',
    );

  several('pause', 'pause jobs until they are resumed').action(
    cli.run((ids: string[], options: HostOptions & JsonOption) =>
      each(ids, options, cli, (host, id) => host.call('job.pause', { id })),
    ),
  );
  several('resume', 'resume paused jobs').action(
    cli.run((ids: string[], options: HostOptions & JsonOption) =>
      each(ids, options, cli, (host, id) => host.call('job.resume', { id })),
    ),
  );
  several('cancel', 'cancel jobs; finished images are kept').action(
    cli.run((ids: string[], options: HostOptions & JsonOption) =>
      each(ids, options, cli, (host, id) => host.call('job.cancel', { id })),
    ),
  );
  several('requeue', 'render jobs again: failed and missing frames, or all of them')
    .option('--failed', 'failed and missing frames (default)')
    .option('--all', 'every frame, replacing existing images')
    .option('--frames <range>', 'these frames, replacing their images: 3 or 3,7-9')
    .action(
      cli.run((ids: string[], options: RequeueOptions & HostOptions & JsonOption) => {
        const given = [options.all && '--all', options.failed && '--failed', options.frames !== undefined && '--frames']
          .filter((name) => typeof name === 'string')
          .slice(0, 2);
        if (given.length > 1)
          throw new UserError(`${given.join(' and ')} exclude each other: leave one of them out.`, 'arguments');
        if (options.frames !== undefined) parseFrameRange(options.frames);
        return each(ids, options, cli, (host, id) =>
          host.call('job.requeue', { id, frames: options.all ? 'all' : (options.frames ?? 'failed') }),
        );
      }),
    );

  const one = (name: string, description: string): Command =>
    withJsonOption(
      withHostOptions(program.command(name).description(description).argument('<id>', 'its number')),
      'print the job',
    );
  withConflictOptions(one('duplicate', 'queue a new job with the same settings')).action(
    cli.run(async (id: string, options: ConflictPolicy & HostOptions & JsonOption) => {
      const { overwrite, keepExisting, newVersion } = options;
      const { checkConflictOptions } = await import('../render-options');
      checkConflictOptions({ overwrite, keepExisting, newVersion });
      return single(
        options,
        cli,
        (host) => host.call('job.duplicate', { id: jobId(id), overwrite, keepExisting, newVersion }),
        outputLine,
      );
    }),
  );
  withJobOptions(
    one(
      'edit',
      'change a job; all but --name, --note, --priority, --after and --start-at only while it is paused or has not started',
    ),
    'edit',
  ).action(cli.run((id: string, options: RenderOptions & HostOptions & JsonOption) => edit(id, options, cli)));
  one('move', 'move a job within the queue')
    .option('--before <id>', 'before this job')
    .option('--last', 'at the end of its priority')
    .option('--take-priority', 'with --before: get that job’s priority, where it is another')
    .action(
      cli.run(
        (
          id: string,
          options: { before?: string; last?: boolean; takePriority?: boolean } & HostOptions & JsonOption,
        ) => {
          if ((options.before === undefined) === !options.last)
            throw new UserError('Say where to: --before ID or --last.', 'arguments');
          if (options.takePriority && options.before === undefined)
            throw new UserError('--take-priority needs --before: it takes the priority of that job.', 'arguments');
          const before = options.before === undefined ? null : jobId(options.before);
          return single(options, cli, (host) =>
            host.call('job.move', { id: jobId(id), before, priority: options.takePriority ? 'take' : 'keep' }),
          );
        },
      ),
    );
}

async function edit(id: string, options: RenderOptions & HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { jobChangesOf } = await import('../render-options');
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
  more?: (job: Job) => string,
): Promise<number> {
  const job = await cli.withHost(options, { passive: true }, (host) => act(host));
  if (options.json) printJson(cli.terminal, job);
  else cli.terminal.out.write(`${jobLine(job)}\n${more ? `${more(job)}\n` : ''}`);
  return 0;
}

/**
 * Applies an action to several jobs, one after another. A failure doesn't stop the rest.
 *
 * @returns 0 when all succeeded; 2 when every failure was a wrong argument, such as a job that doesn't exist; else 1
 */
async function each(
  texts: readonly string[],
  options: HostOptions & JsonOption,
  { terminal, withHost }: Cli,
  act: (host: HostConnection, id: number) => Promise<Job>,
): Promise<number> {
  const ids = jobIds(texts);
  let code: 0 | 1 | 2 = 0;
  const results: ActionResult[] = [];
  await withHost(options, { passive: true }, async (host) => {
    for (const id of ids) {
      if (terminal.signal.aborted) return;
      try {
        const job = await act(host, id);
        results.push({ id, job, error: null });
        if (!options.json) terminal.out.write(`${jobLine(job)}\n`);
      } catch (error) {
        code = addedFailure(code, error);
        results.push({ id, job: null, error: messageOf(error) });
        terminal.err.write(`${messageOf(error)}\n`);
      }
    }
  });
  if (options.json) printJson(terminal, results);
  return results.length < ids.length ? 1 : code;
}
