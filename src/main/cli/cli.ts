import { type Command, Option } from 'commander';
import { UserError } from '../../shared/user-error';
import { dataFolder } from '../data/data-folder';
import { type OwnHostOptions, withHost } from './environment';
import type { HostConnection } from './host-connection';
import { type Target, targetOf } from './target';
import type { Terminal } from './terminal';

/** Shared services of all commands. */
export interface Cli {
  readonly terminal: Terminal;
  /** The value of `--data`, if given. */
  data(): string | undefined;
  /** The data folder on this machine. */
  folder(): string;
  /** The host that a command's options select. */
  target(options: HostOptions): Target;
  /** Runs a task with that host; see {@link withHost}. */
  withHost<T>(
    options: HostOptions,
    own: OwnHostOptions,
    use: (host: HostConnection, own: boolean) => Promise<T>,
  ): Promise<T>;
  /** Wraps a command that returns its exit code as a commander action. */
  run<A extends unknown[]>(command: (...args: A) => Promise<number>): (...args: A) => Promise<void>;
}

/** Options added by {@link withHostOptions}. */
export interface HostOptions {
  readonly host?: string;
  readonly token?: string;
}

/** Options added by {@link withJsonOption}. */
export interface JsonOption {
  readonly json?: boolean;
}

export function createCli(terminal: Terminal, program: Command): Cli {
  const data = (): string | undefined => {
    const given = program.opts<{ data?: string }>().data;
    // As `--data "$FOLDER"` of an unset variable, which would quietly use the queue of everyday.
    if (given?.trim() === '')
      throw new UserError('--data cannot be “”: write a folder, or leave it out for the usual one.', 'arguments');
    return given;
  };
  const target = ({ host, token }: HostOptions): Target => targetOf({ data: data(), host, token }, dataFolder);
  return {
    terminal,
    data,
    folder: () => dataFolder(data()),
    target,
    withHost: (options, own, use) => withHost(target(options), own, use, terminal.signal),
    run:
      (command) =>
      async (...args) => {
        process.exitCode = await command(...args);
      },
  };
}

/** Adds the options for talking to a remote host. Paths passed to the command are then paths on that host. */
export function withHostOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--host <url>',
        'host to talk to, instead of the one on this machine (default: FRAMEGAUGE_HOST)',
      ).helpGroup('Which host:'),
    )
    .addOption(
      new Option('--token <token>', 'token of that host (default: FRAMEGAUGE_TOKEN)').helpGroup('Which host:'),
    );
}

export function withJsonOption(command: Command, what = 'print JSON'): Command {
  return command.option('--json', what);
}
