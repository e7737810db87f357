import type { Command } from 'commander';
import type { HostEvent } from '../../../shared/host-api';
import type { Operator, OperatorParameter, OperatorRun } from '../../../shared/operators';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import type { HostConnection } from '../host-connection';
import { hyphened, operatorArguments } from '../operator-arguments';
import { draw, printJson, type Terminal } from '../terminal';
import { printable } from '../table';

interface RunOptions extends HostOptions, JsonOption {
  readonly set: readonly string[];
}

/** `run`: runs an operator of an add-on. */
export function addRunCommand(program: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      program
        .command('run')
        .description('run an operator of an add-on; without one, list them')
        .argument('[operator]', 'as video.encode')
        .argument('[parameters...]', 'its parameters, as --quality 5')
        .option(
          '--set <key=value>',
          'a parameter whose name is an option of this command',
          (entry: string, all: string[]) => [...all, entry],
          [] as string[],
        )
        .allowUnknownOption(),
    ),
    'print the operators, or the run when it has ended',
  )
    .addHelpText(
      'after',
      '\nCtrl+C cancels the run. The exit code is 0 if it was done, 1 if it failed or was cancelled, 2 for wrong parameters.',
    )
    .action(
      cli.run((id: string | undefined, parameters: string[], options: RunOptions) =>
        id === undefined ? listOperators(options, cli) : runOperator(id, parameters, options, cli),
      ),
    );
}

const NO_HOST =
  'No host runs on this data folder, so no add-on does: start one with “framegauge serve”, or the app, and run it then.';

async function listOperators(options: RunOptions, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const operators = await cli.withHost(options, { passive: true }, (host, own) => {
    if (own) throw new UserError(NO_HOST);
    return host.call('operator.list', {});
  });
  if (options.json) printJson(terminal, operators);
  else if (operators.length === 0) terminal.out.write('No running add-on has an operator.\n');
  else for (const operator of operators) terminal.out.write(`${operatorLines(operator).join('\n')}\n`);
  return 0;
}

function operatorLines({ id, label, description, parameters }: Operator): string[] {
  return [
    `${id}  ${label}${description === '' ? '' : `: ${description}`}`,
    ...parameters.map((parameter) => `    --${hyphened(parameter.key)} ${describe(parameter)}`),
  ].map(printable);
}

/** A parameter's value in words: `0–10 (default: 5): Quality`. */
function describe(parameter: OperatorParameter): string {
  const kind = (): string => {
    switch (parameter.type) {
      case 'enum':
        return parameter.values.join('|');
      case 'boolean':
        return 'true|false';
      case 'job':
        return 'number of a job';
      case 'frame':
        return 'number of a frame';
      case 'frames':
        return 'frames, as 1-24';
      case 'integer':
      case 'number':
        return parameter.min !== undefined && parameter.max !== undefined
          ? `${parameter.min}–${parameter.max}`
          : 'number';
      default:
        return parameter.type === 'path' ? 'path' : 'text';
    }
  };
  const preset = 'default' in parameter ? parameter.default : undefined;
  const given = preset === undefined ? ' (required)' : preset === '' ? '' : ` (default: ${String(preset)})`;
  return `${kind()}${given}: ${parameter.description || parameter.label}`;
}

async function runOperator(id: string, words: string[], options: RunOptions, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const run = await cli.withHost(options, { passive: true }, async (host, own) => {
    if (own) throw new UserError(NO_HOST);
    const operators = await host.call('operator.list', {});
    const operator = operators.find((candidate) => candidate.id === id);
    // The host names those that there are.
    const parameters = operator ? operatorArguments(operator, words, options.set) : {};
    return follow(host, () => host.call('operator.run', { id, parameters }), options, terminal);
  });
  if (options.json) printJson(terminal, run);
  else if (run.result) {
    terminal.out.write(`${run.result.text}\n`);
    if (run.result.undo !== undefined) terminal.out.write(`${run.result.undo}\n`);
  } else if (run.state === 'done') terminal.out.write(`${run.label}: done.\n`);
  if (run.state === 'cancelled') terminal.err.write(`${run.label} was cancelled. ${run.error ?? ''}`.trimEnd() + '\n');
  if (run.state === 'failed') terminal.err.write(`${run.error ?? `${run.label} failed.`}\n`);
  return run.state === 'done' ? 0 : 1;
}

/** Starts a run and follows it to its end. @throws UserError when it is refused, or the host ends before it does */
async function follow(
  host: HostConnection,
  start: () => Promise<OperatorRun>,
  { json }: JsonOption,
  { out, err, signal }: Terminal,
): Promise<OperatorRun> {
  let number: number | null = null;
  const latest = new Map<number, OperatorRun>();
  let settle!: (run: OperatorRun) => void;
  const ended = new Promise<OperatorRun>((resolve) => (settle = resolve));
  let drawn = false;
  const see = (run: OperatorRun): void => {
    // Events may arrive before the answer that names the run.
    if (number === null) return void latest.set(run.run, run);
    if (run.run !== number) return;
    if (run.finishedAt !== null) settle(run);
    else if (out.isTTY && !json && (run.text !== '' || run.progress !== null)) {
      draw(out, `\r\u001b[2K${printable(progressOf(run)).slice(0, (out.columns ?? 80) - 1)}`);
      drawn = true;
    }
  };
  const unsubscribe = host.subscribe((event: HostEvent) => event.type === 'operator-run' && see(event.run));
  const cancel = (): void => {
    if (number === null) return;
    if (!json) err.write('Cancelling it…\n');
    // What it says no longer matters: the run's end does.
    host.call('operator.cancel', { run: number }).catch(() => undefined);
  };
  try {
    const started = await start();
    number = started.run;
    see(latest.get(number) ?? started);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    const lost = host.lost.then(() => {
      throw new UserError(`The host ended before “${started.label}” did.`);
    });
    return await Promise.race([ended, lost]);
  } finally {
    signal.removeEventListener('abort', cancel);
    unsubscribe();
    if (drawn) draw(out, '\r\u001b[2K');
  }
}

function progressOf({ label, progress, text }: OperatorRun): string {
  const percent = progress === null ? '' : ` ${Math.floor(progress * 100)} %`;
  return `${label}${percent}${text === '' ? '' : `: ${text}`}`;
}
