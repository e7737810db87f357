import { type Command, Option } from 'commander';
import { dataFolder } from '../data/data-folder';
import { type HostUse, withHost } from './environment';
import type { HostConnection } from './host-connection';
import { type Target, targetOf } from './target';
import type { Terminal } from './terminal';

/** What every command has at hand. */
export interface Cli {
  readonly terminal: Terminal;
  /** `--data`, where it was given. */
  data(): string | undefined;
  /** The data folder on this machine. */
  folder(): string;
  /** Which host a command's options mean. */
  target(options: HostOptions): Target;
  /** Runs something with that host; see {@link withHost}. */
  withHost<T>(options: HostOptions, kind: HostUse, use: (host: HostConnection, own: boolean) => Promise<T>): Promise<T>;
  /** Makes a commander action of a command that answers with its exit code. */
  run<A extends unknown[]>(command: (...args: A) => Promise<number>): (...args: A) => Promise<void>;
}

/** Options of a command that {@link withHostOptions} was used on. */
export interface HostOptions {
  readonly host?: string;
  readonly token?: string;
}

/** Options of a command that {@link withJsonOption} was used on. */
export interface JsonOption {
  readonly json?: boolean;
}

export function createCli(terminal: Terminal, program: Command): Cli {
  const data = (): string | undefined => program.opts<{ data?: string }>().data;
  const target = ({ host, token }: HostOptions): Target => targetOf({ data: data(), host, token }, dataFolder);
  return {
    terminal,
    data,
    folder: () => dataFolder(data()),
    target,
    withHost: (options, kind, use) => withHost(target(options), kind, use),
    run:
      (command) =>
      async (...args) => {
        process.exitCode = await command(...args);
      },
  };
}

/** Lets a command speak to a host elsewhere. Paths that it is given are then paths on that host. */
export function withHostOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--host <url>',
        'speak to the host at this address instead of the one of this machine (default: FRAMEGAUGE_HOST)',
      ).helpGroup('Which host:'),
    )
    .addOption(new Option('--token <token>', 'its token (default: FRAMEGAUGE_TOKEN)').helpGroup('Which host:'));
}

export function withJsonOption(command: Command, what = 'print JSON'): Command {
  return command.option('--json', what);
}
