import { availableParallelism, hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { MAX_MACHINE_WORKERS, type MachineInfo, machineNameSchema } from '../../../shared/farm';
import { UserError, messageOf } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import type { HostConnection } from '../host-connection';
import { type Column, layoutOf, table } from '../table';
import { interrupted, printJson } from '../terminal';

/** `machine` lends this machine to a farm; `machines` is about those of a manager. */
export function addMachineCommands(program: Command, cli: Cli): void {
  program
    .command('machine')
    .description('lend this machine to the manager of a farm until Ctrl+C')
    .option('--join <url>', 'address of the manager, as “machines invite” prints it there; needed the first time')
    .option('--token <token>', 'token of the invitation; needed the first time')
    .option('--name <name>', 'name of this machine in the farm (default: its host name)')
    .addOption(new Option('--workers <n>', 'number of frames that it renders at once').default(defaultWorkers()))
    .action(cli.run((options: MachineOptions) => lend(options, cli)));

  const machines = program.command('machines').description('list the machines of a farm, invite and forget them');
  withJsonOption(
    withHostOptions(machines.command('show', { isDefault: true }).description('list the machines of the farm')),
    'print an array of machines',
  ).action(cli.run((options: HostOptions & JsonOption) => list(options, cli)));
  withJsonOption(
    withHostOptions(machines.command('invite').description('print the command by which a machine joins the farm')),
    'print url, token, command and expiresAt',
  ).action(cli.run((options: HostOptions & JsonOption) => invite(options, cli)));
  withHostOptions(
    machines.command('forget').description('take a machine out of the farm').argument('<id>', 'as listed'),
  ).action(cli.run((id: string, options: HostOptions) => forget(id, options, cli)));
}

interface MachineOptions {
  readonly join?: string;
  readonly token?: string;
  readonly name?: string;
  readonly workers: string;
}

/** Pages that render in software keep two cores busy, and more than four only slow each other down. */
function defaultWorkers(): string {
  return String(Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2))));
}

async function lend(options: MachineOptions, { terminal, folder }: Cli): Promise<number> {
  const workers = Number(options.workers);
  if (!/^\d+$/.test(options.workers) || workers < 1 || workers > MAX_MACHINE_WORKERS)
    throw new UserError(
      `--workers cannot be “${options.workers}”: write a number from 1 to ${MAX_MACHINE_WORKERS}.`,
      'arguments',
    );
  const name = options.name ?? usualName();
  if (!machineNameSchema.safeParse(name).success)
    throw new UserError(
      `--name cannot be “${name}”: write letters, digits, spaces and “._-”, at most 63 of them.`,
      'arguments',
    );
  const [{ startMachine }, { headlessChromium }, { builtFolder }] = await Promise.all([
    import('../../machine/machine'),
    import('../../engines/pages/headless-chromium'),
    import('../environment'),
  ]);
  const machine = await startMachine({
    dataFolder: folder(),
    url: options.join,
    token: options.token,
    name,
    workers,
    pages: headlessChromium(),
    built: builtFolder,
    onState: (text) => terminal.out.write(`${text}\n`),
    onFrame: ({ frame }, failure) => {
      if (failure !== null) terminal.err.write(`Frame ${frame}: ${failure}\n`);
    },
    onFault: (error) => terminal.err.write(`Something went wrong: ${messageOf(error)}\n`),
  });
  const { identity, engines, dismissed } = machine;
  terminal.out.write(
    `“${identity.name}” lends ${workers} ${workers === 1 ? 'worker' : 'workers'} (${engines.join(', ')}) to ${identity.url}.\nPress Ctrl+C to end it; its frames are then rendered by others.\n`,
  );
  const why = await Promise.race([interrupted(terminal.signal).then(() => null), dismissed]);
  await machine.close();
  if (why === null) return 0;
  terminal.err.write(`${why}\n`);
  return 1;
}

/** The host name, as far as it may be a name. */
function usualName(): string {
  const name = hostname()
    .split('.')[0]!
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 63);
  return name === '' ? 'machine' : name;
}

async function list(options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const machines = await asManager(options, cli, (host) => host.call('machine.list', {}));
  if (options.json) {
    printJson(terminal, machines);
    return 0;
  }
  if (machines.length === 0) {
    terminal.out.write('No machine has joined: “framegauge machines invite” prints the command for one.\n');
    return 0;
  }
  for (const line of table(machines, COLUMNS, layoutOf(terminal.out))) terminal.out.write(`${line}\n`);
  for (const { reason } of machines) if (reason !== null) terminal.err.write(`${reason}\n`);
  return 0;
}

const COLUMNS: readonly Column<MachineInfo>[] = [
  { title: 'Id', text: ({ id }) => id },
  { title: 'Name', text: ({ name }) => name, least: 10 },
  { title: 'State', text: ({ state }) => state.replace('-', ' ') },
  { title: 'Frames', text: ({ frames }) => String(frames), align: 'right' },
  { title: 'Workers', text: ({ workers }) => String(workers), align: 'right' },
  { title: 'Engines', text: ({ engines }) => engines.join(', '), least: 10 },
  { title: 'Version', text: ({ version }) => version },
];

/** Asks the host that manages the farm: one that is started for a command has no machines. */
function asManager<T>(options: HostOptions, { withHost }: Cli, ask: (host: HostConnection) => Promise<T>): Promise<T> {
  return withHost(options, { passive: true }, (host, own) => {
    if (own) throw new UserError('No host runs on this data folder: start the manager with “framegauge serve”.');
    return ask(host);
  });
}

async function invite(options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const invitation = await asManager(options, cli, (host) => host.call('machine.invite', {}));
  if (options.json) printJson(terminal, invitation);
  else
    terminal.out.write(
      `Type this on the machine within an hour; it lets one machine in:\n\n  ${invitation.command}\n\n`,
    );
  return 0;
}

async function forget(id: string, options: HostOptions, cli: Cli): Promise<number> {
  const { name } = await asManager(options, cli, (host) => host.call('machine.forget', { id }));
  cli.terminal.out.write(`“${name}” is no longer part of the farm.\n`);
  return 0;
}
