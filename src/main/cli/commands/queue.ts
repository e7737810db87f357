import type { Command } from 'commander';
import type { QueueInfo } from '../../../shared/jobs';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { counted, queueLine } from '../describe-job';
import { choiceOption } from '../job-options';
import { UNFINISHED, listJobs } from '../list-jobs';
import { printJson } from '../terminal';

/** `queue`, `queue pause` and `queue resume`: acts on the whole queue. */
export function addQueueCommands(program: Command, cli: Cli): void {
  const queue = program.command('queue').helpCommand(false).description('show, pause and resume the queue');
  withJsonOption(
    withHostOptions(queue.command('show', { isDefault: true }).description('show its state and the time left')),
    'print the queue',
  ).action(cli.run((options: HostOptions & JsonOption) => show(options, cli)));
  withJsonOption(withHostOptions(queue.command('pause').description('start no more frames')), 'print the queue')
    .addOption(
      choiceOption('--after <what>', 'finish the current frames or job first (default: stop immediately)', [
        'frame',
        'job',
      ]),
    )
    .action(
      cli.run((options: { after?: string } & HostOptions & JsonOption) => {
        const after = options.after ?? 'now';
        if (after !== 'now' && after !== 'frame' && after !== 'job')
          throw new UserError(`--after cannot be “${after}”: write frame or job.`, 'arguments');
        return change(options, cli, (host) => host.call('queue.pause', { after }));
      }),
    );
  withJsonOption(withHostOptions(queue.command('resume').description('resume it')), 'print the queue').action(
    cli.run((options: HostOptions & JsonOption) => change(options, cli, (host) => host.call('queue.resume', {}))),
  );
}

async function show(options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const { queue, jobs, own } = await cli.withHost(options, { passive: true }, async (host, own) => ({
    queue: await host.call('queue.get', {}),
    jobs: options.json ? [] : (await listJobs(host, { states: UNFINISHED, order: 'queue' })).jobs,
    own,
  }));
  if (options.json) {
    printJson(terminal, queue);
    return 0;
  }
  terminal.out.write(
    `${own && queue.state === 'running' ? 'No host runs on this data folder; the queue goes on as soon as one does.' : queueLine(queue)}\n`,
  );
  const frames = jobs.reduce((sum, job) => sum + job.frames.waiting + job.frames.rendering, 0);
  const states = UNFINISHED.map((state) => ({ state, count: jobs.filter((job) => job.state === state).length })).filter(
    ({ count }) => count > 0,
  );
  terminal.out.write(
    jobs.length === 0
      ? 'There are no unfinished jobs.\n'
      : `${counted(jobs.length, 'unfinished job')} (${states.map(({ state, count }) => `${count} ${state}`).join(', ')}) with ${counted(frames, 'frame')} to render.\n`,
  );
  return 0;
}

async function change(
  options: HostOptions & JsonOption,
  cli: Cli,
  act: (host: Parameters<Parameters<Cli['withHost']>[2]>[0]) => Promise<QueueInfo>,
): Promise<number> {
  const { queue, preferences } = await cli.withHost(options, { passive: true }, async (host, own) => ({
    queue: await act(host),
    preferences: own ? (await host.call('host.state', {})).preferences : {},
  }));
  if (options.json) printJson(cli.terminal, queue);
  else cli.terminal.out.write(`${queueLine(queue)}\n`);
  const onStart = preferences['queue.onStart'];
  if (onStart === 'run' && queue.state !== 'running') {
    cli.terminal.err.write(
      'No host runs on this data folder, and the next one lets the queue run all the same: “framegauge prefs set queue.onStart last” keeps it as it is.\n',
    );
  } else if (onStart === 'paused' && queue.state === 'running') {
    cli.terminal.err.write(
      'No host runs on this data folder, and the next one pauses the queue all the same: “framegauge prefs set queue.onStart last” keeps it as it is.\n',
    );
  }
  return 0;
}
