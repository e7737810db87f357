import type { Command } from 'commander';
import { FINAL_JOB_STATES } from '../../../shared/job-constants';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { jobLine } from '../describe-job';
import { followJob, isWhole, outcomeOf } from '../follow-job';
import type { HostConnection } from '../host-connection';
import { UNFINISHED, framesIn, jobId, listJobs } from '../list-jobs';
import { createLiveView } from '../live-view';
import { createProgressView } from '../progress';
import { report } from '../report';
import { printJson } from '../terminal';
import { watchQueue } from '../watch-queue';

/** `watch`: follows the queue or a job live. */
export function addWatchCommand(program: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      program
        .command('watch')
        .description('follow the queue, or a job, until it ends')
        .argument('[id]', 'the number of a job (default: the whole queue)'),
    ),
    'print each event as a line of JSON',
  )
    .addHelpText(
      'after',
      '\nCtrl+C stops watching, not the jobs. The exit code is 0 if everything watched ended with every frame there.',
    )
    .action(
      cli.run((id: string | undefined, options: HostOptions & JsonOption) =>
        id === undefined ? watchAll(options, cli) : watchJob(jobId(id), options, cli),
      ),
    );
}

const IDLE =
  'No host runs on this data folder, so nothing will happen to watch: start one with “framegauge serve”, or the app.';

async function watchAll(options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  return cli.withHost(options, { passive: true }, async (host, own) => {
    if (own && (await listJobs(host, { states: UNFINISHED, order: 'queue' }, { limit: 1 })).total > 0)
      throw new UserError(IDLE);
    const view = createLiveView(terminal.out);
    const watched = await watchQueue(
      host,
      {
        event: (event) => {
          if (options.json) printJson(terminal, event);
        },
        update: (jobs, queue) => {
          if (!options.json) view.update(jobs, queue);
        },
        line: (text) => {
          if (!options.json) view.line(text);
        },
      },
      terminal.signal,
    ).finally(() => {
      if (!options.json) view.end();
    });
    if (watched.end === 'left') return 1;
    if (watched.left.length > 0 && !options.json) {
      terminal.err.write('Nothing more begins by itself:\n');
      for (const job of watched.left) terminal.err.write(`  ${jobLine(job)}\n`);
    } else if (!options.json) terminal.out.write('The queue is empty.\n');
    return watched.whole && watched.left.length === 0 ? 0 : 1;
  });
}

async function watchJob(id: number, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  return cli.withHost(options, { passive: true }, async (host, own) => {
    const find = async (): ReturnType<typeof host.call<'job.get'>> => {
      const job = await host.call('job.get', { id });
      if (own && !FINAL_JOB_STATES.includes(job.state)) throw new UserError(IDLE);
      return job;
    };
    const stopTelling = options.json ? printEventsOf(id, host, (event) => printJson(terminal, event)) : () => undefined;
    const silent = { update: () => undefined, frame: () => undefined, note: () => undefined, end: () => undefined };
    const { job, left } = await followJob(
      host,
      async () => {
        const found = await find();
        if (options.json) printJson(terminal, { type: 'job', job: found });
        return found;
      },
      { view: options.json ? silent : createProgressView(terminal.out), signal: terminal.signal, onInterrupt: 'leave' },
    ).finally(() => stopTelling());
    if (left) {
      if (!options.json) terminal.err.write(`Job ${id} goes on; it is ${job.state}.\n`);
      return 1;
    }
    if (!options.json) report(outcomeOf(job, await framesIn(host, id, ['done', 'failed', 'skipped'])), false, terminal);
    return isWhole(job) ? 0 : 1;
  });
}

/** Prints the events of one job. */
function printEventsOf(id: number, host: HostConnection, tell: (event: unknown) => void): () => void {
  return host.subscribe((event) => {
    if (
      (event.type === 'job' && event.job.id === id) ||
      (event.type === 'frame' && event.jobId === id) ||
      (event.type === 'job-removed' && event.id === id)
    )
      tell(event);
  });
}
