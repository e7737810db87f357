import type { Command } from 'commander';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { jobId } from '../list-jobs';
import { layoutOf, paint, printable } from '../table';
import { draw, printJson } from '../terminal';

/** `logs`: shows the engine's output. */
export function addLogsCommand(program: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      program
        .command('logs')
        .description('show what the engine printed while rendering')
        .argument('<id>', 'the number of a job'),
    ),
    'print an array of { frame, attempt, lines }',
  )
    .option('--frame <n>', 'of this frame (default: of the frames last rendered)')
    .action(
      cli.run((id: string, options: { frame?: string } & HostOptions & JsonOption) => showLogs(id, options, cli)),
    );
}

async function showLogs(
  text: string,
  options: { frame?: string } & HostOptions & JsonOption,
  cli: Cli,
): Promise<number> {
  const { terminal } = cli;
  const id = jobId(text);
  if (options.frame !== undefined && !/^-?\d{1,9}$/.test(options.frame))
    throw new UserError(`--frame cannot be “${options.frame}”: write the number of a frame.`, 'arguments');
  const logs = await cli.withHost(options, { passive: true }, (host) =>
    host.call('job.log', { id, ...(options.frame === undefined ? {} : { frame: Number(options.frame) }) }),
  );
  if (options.json) {
    printJson(terminal, logs);
    return 0;
  }
  if (logs.length === 0)
    terminal.err.write(
      `Nothing is kept of what was printed for ${options.frame === undefined ? `job ${id}` : `frame ${options.frame} of job ${id}`}.\n`,
    );
  const layout = layoutOf(terminal.out);
  for (const { frame, attempt, lines } of logs) {
    draw(terminal.out, `${paint(`── frame ${frame}, try ${attempt}`, 'bold', layout)}\n`);
    for (const line of lines) terminal.out.write(`${printable(line)}\n`);
  }
  return 0;
}
