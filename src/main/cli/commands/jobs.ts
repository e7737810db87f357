import type { Command } from 'commander';
import { FINAL_JOB_STATES, JOB_STATES, type JobState } from '../../../shared/job-constants';
import type { Job } from '../../../shared/jobs';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { counted, jobDetails, jobTable, queueLine } from '../describe-job';
import { choiceOption } from '../job-options';
import { UNFINISHED, framesIn, jobId, listJobs, statesIn } from '../list-jobs';
import { layoutOf } from '../table';
import { draw, printJson } from '../terminal';

/** How long ended jobs stay in the list, in milliseconds: in the morning it should show the whole night. */
const RECENT = 24 * 3_600_000;

/** `jobs`, `job` and `history`: lists jobs and shows their details. */
export function addJobListCommands(program: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(program.command('jobs').description('list queued jobs and those that ended in the past 24 hours')),
    'print an array of jobs',
  )
    .addOption(
      choiceOption(
        '--state <states>',
        'only jobs in these states, as failed or failed,cancelled, however old',
        JOB_STATES,
      ),
    )
    .option('--machine <name>', 'only jobs that this machine of the farm has had frames of, however old')
    .option('--all', 'every job, however old')
    .action(cli.run((options: QueueOptions) => listQueue(options, cli)));

  withJsonOption(
    withHostOptions(
      program
        .command('job')
        .description('show a job: settings, progress, warnings, failed frames with reasons')
        .argument('<id>', 'its number'),
    ),
    'print { job, failed, suspicious }',
  )
    .option('--frames', 'with --json: all frames of it too')
    .action(
      cli.run((id: string, options: { frames?: boolean } & HostOptions & JsonOption) => showJob(id, options, cli)),
    );

  withJsonOption(
    withHostOptions(program.command('history').description('list finished jobs, latest first')),
    'print an array of jobs',
  )
    .option('--limit <n>', 'how many', '50')
    .addOption(choiceOption('--state <states>', 'only jobs that ended like this', FINAL_JOB_STATES))
    .action(
      cli.run((options: { limit: string; state?: string } & HostOptions & JsonOption) => showHistory(options, cli)),
    );
}

interface QueueOptions extends HostOptions, JsonOption {
  readonly state?: string;
  readonly machine?: string;
  readonly all?: boolean;
}

async function listQueue(options: QueueOptions, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const { machine } = options;
  const states = options.state === undefined ? null : statesIn(options.state);
  const { jobs, older, queue } = await cli.withHost(options, { passive: true }, async (host) => ({
    ...(states !== null || machine !== undefined || options.all
      ? { jobs: (await listJobs(host, { states, machine, order: 'queue' })).jobs, older: 0 }
      : await presentJobs(host)),
    queue: await host.call('queue.get', {}),
  }));
  if (options.json) {
    printJson(terminal, jobs);
    return 0;
  }
  const layout = layoutOf(terminal.out);
  if (jobs.length > 0) draw(terminal.out, `${jobTable(jobs, layout).join('\n')}\n`);
  else {
    const which = states === null ? '' : ` that are ${states.join(' or ')}`;
    terminal.out.write(`There are no jobs${which}${machine === undefined ? '' : ` with frames of “${machine}”`}.\n`);
  }
  if (older > 0) terminal.out.write(`${counted(older, 'job')} ended earlier: framegauge history\n`);
  // A running queue is the normal case and not worth a line.
  if (queue.state !== 'running') terminal.out.write(`${queueLine(queue)}\n`);
  return 0;
}

/** Recently ended jobs, oldest first, followed by the unfinished ones. */
async function presentJobs(host: Parameters<typeof listJobs>[0]): Promise<{ jobs: Job[]; older: number }> {
  const since = Date.now() - RECENT;
  const ended = await listJobs(
    host,
    { states: FINAL_JOB_STATES, order: 'finished' },
    { before: (job) => (job.finishedAt ?? job.createdAt) < since },
  );
  const unfinished = await listJobs(host, { states: UNFINISHED, order: 'queue' });
  return { jobs: [...ended.jobs.toReversed(), ...unfinished.jobs], older: ended.total - ended.jobs.length };
}

async function showJob(
  text: string,
  options: { frames?: boolean } & HostOptions & JsonOption,
  cli: Cli,
): Promise<number> {
  const { terminal } = cli;
  const id = jobId(text);
  if (options.frames && !options.json) throw new UserError('--frames goes with --json.', 'arguments');
  const shown = await cli.withHost(options, { passive: true }, async (host) => {
    const job = await host.call('job.get', { id });
    const failed = job.frames.failed > 0 ? await framesIn(host, id, ['failed']) : [];
    const suspicious =
      job.suspicious > 0 ? await framesIn(host, id, ['done', 'skipped'], (frame) => frame.suspicion !== null) : [];
    return { job, failed, suspicious, ...(options.frames ? { frames: await framesIn(host, id) } : {}) };
  });
  if (options.json) printJson(terminal, shown);
  else draw(terminal.out, `${jobDetails(shown.job, shown, layoutOf(terminal.out)).join('\n')}\n`);
  return 0;
}

async function showHistory(
  options: { limit: string; state?: string } & HostOptions & JsonOption,
  cli: Cli,
): Promise<number> {
  const { terminal } = cli;
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new UserError(`--limit cannot be “${options.limit}”: write a whole number from 1.`, 'arguments');
  const states: readonly JobState[] =
    options.state === undefined ? FINAL_JOB_STATES : statesIn(options.state, FINAL_JOB_STATES);
  const { jobs, total } = await cli.withHost(options, { passive: true }, (host) =>
    listJobs(host, { states, order: 'finished' }, { limit }),
  );
  if (options.json) printJson(terminal, jobs);
  else if (jobs.length === 0)
    terminal.out.write(
      options.state === undefined ? 'No job has ended yet.\n' : `There are no jobs that are ${states.join(' or ')}.\n`,
    );
  else {
    draw(terminal.out, `${jobTable(jobs, layoutOf(terminal.out)).join('\n')}\n`);
    if (total > jobs.length)
      terminal.out.write(`${counted(total - jobs.length, 'job')} ended earlier: --limit ${total} lists all.\n`);
  }
  return 0;
}
