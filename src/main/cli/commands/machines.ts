import { type Command, Option } from 'commander';
import { type MachineChanges, type MachineInfo, machineChangesSchema } from '../../../shared/machines';
import { SCHEDULE_RULE } from '../../../shared/sleep-schedule';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { formatTime } from '../describe-job';
import type { HostConnection } from '../host-connection';
import { type Column, layoutOf, printable, table } from '../table';
import { printJson } from '../terminal';
import { usualWorkers } from '../../machine/machine-defaults';
import { type LendOptions, lendMachine, tagsOf } from './lend-machine';
import { withFileOptions } from './machine-files';

/** `machine` lends this machine to a farm, or is about one of a manager; `machines` is about all of them. */
export function addMachineCommands(program: Command, cli: Cli): void {
  const machine = withJsonOption(
    withFileOptions(program.command('machine'))
      .description('lend this machine to the manager of a farm until Ctrl+C; with an id, show a machine of the farm')
      .argument('[id]', 'id or name, as “machines” lists them')
      .option('--join <url>', 'address of the manager, as “machines invite” prints it there; needed the first time')
      .option('--token <token>', 'token of the invitation, needed the first time; with an id, of the host to ask')
      .option('--name <name>', 'name of this machine in the farm (default: its host name)')
      .addOption(
        new Option('--workers <n>', 'number of frames that it renders at once').default(String(usualWorkers())),
      )
      .option('--tags <tags>', 'what it has, as jobs may need it: gpu,linux; changed by “machine set” later')
      .option(
        '--metrics <host:port>',
        'serve metrics of its process there, as 0.0.0.0:8001, which the manager lists at /sd',
      )
      .option('--host <url>', 'with an id: host to ask, instead of the one on this machine'),
    'with an id: print the machine',
  ).action(
    cli.run((id: string | undefined, options: LendOptions & HostOptions & JsonOption) =>
      id === undefined ? lendMachine(options, cli) : show(id, options, cli),
    ),
  );
  // Options of the same names reach the command above its subcommands.
  const all = <T extends object>(options: T): T => ({ ...machine.opts(), ...options });
  const ofMachine = (name: string, description: string): Command =>
    withHostOptions(machine.command(name).description(description).argument('<id>', 'id or name, as listed'));
  for (const [name, after, description] of [
    ['pause', 'now', 'give a machine no more frames; others render those that it has'],
    ['drain', 'frame', 'give a machine no more frames; it finishes those that it has'],
  ] as const)
    ofMachine(name, description).action(
      cli.run((id: string, options: HostOptions) =>
        change(id, all(options), cli, (host, known) => host.call('machine.pause', { id: known, after })),
      ),
    );
  ofMachine('resume', 'give a paused machine frames again').action(
    cli.run((id: string, options: HostOptions) =>
      change(id, all(options), cli, (host, known) => host.call('machine.resume', { id: known })),
    ),
  );
  ofMachine('set', 'change what is set for a machine')
    .option('--tags <tags>', 'what it has, as jobs may need it: gpu,linux; none for none')
    .option('--sleep <times>', 'when it sleeps, in its own time: "mon-fri 8:00-18:00"; none for never')
    .option('--only-idle <minutes>', 'render only after nobody has used it for so long; off for always')
    .action(cli.run((id: string, options: SetOptions) => set(id, all(options), cli)));
  ofMachine('wake', 'send a machine magic packets (Wake-on-LAN)').action(
    cli.run((id: string, options: HostOptions) => wake(id, all(options), cli)),
  );
  ofMachine('forget', 'take a machine out of the farm').action(
    cli.run((id: string, options: HostOptions) => forget(id, all(options), cli)),
  );

  const machines = program.command('machines').description('list the machines of a farm, invite one');
  withJsonOption(
    withHostOptions(machines.command('show', { isDefault: true }).description('list the machines of the farm')),
    'print an array of machines',
  ).action(cli.run((options: HostOptions & JsonOption) => list(options, cli)));
  withJsonOption(
    withHostOptions(machines.command('invite').description('print the command by which a machine joins the farm')),
    'print url, token, command and expiresAt',
  ).action(cli.run((options: HostOptions & JsonOption) => invite(options, cli)));
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

const stateOf = ({ state }: MachineInfo): string => state.replace('-', ' ');

const COLUMNS: readonly Column<MachineInfo>[] = [
  { title: 'Id', text: ({ id }) => id },
  { title: 'Name', text: ({ name }) => name, least: 10 },
  { title: 'State', text: stateOf },
  { title: 'Frames', text: ({ frames }) => String(frames), align: 'right' },
  { title: 'Workers', text: ({ workers }) => String(workers), align: 'right' },
  { title: 'Tags', text: ({ tags }) => tags.join(', '), least: 4 },
  { title: 'Engines', text: ({ engines }) => engines.join(', '), least: 10 },
  { title: 'Version', text: ({ version }) => version },
];

async function show(id: string, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const machine = await asManager(options, cli, (host) => found(id, host));
  if (options.json) printJson(cli.terminal, machine);
  else for (const line of describe(machine)) cli.terminal.out.write(`${printable(line)}\n`);
  return 0;
}

/** A machine in lines, as `State    idle`. */
function describe(machine: MachineInfo): string[] {
  const { id, name, reason, frames, workers, sleep, idleMinutes, tags, engines, version, lastSeen, joinedAt } = machine;
  const { memory, roots, lastError } = machine;
  const programs = machine.installations.map((one) => `${one.engine} ${one.version ?? ''}`.trim());
  const rows = [
    ['Id', id],
    ['Name', name],
    ['State', stateOf(machine)],
    ['Why', reason],
    ['Frames', `${frames} in work, ${workers} at once at most`],
    ['Sleeps', sleep || null],
    ['Only idle', idleMinutes === null ? null : `${idleMinutes} min`],
    ['Tags', tags.join(', ') || null],
    ['Engines', engines.join(', ') || null],
    ['Programs', programs.join(', ') || null],
    ['Roots', roots.join(', ') || null],
    ['Memory', memory && `${gigabytes(memory.usedBytes)} of ${gigabytes(memory.totalBytes)} GB in use`],
    ['Last error', lastError && `${lastError.reason} (${formatTime(lastError.at)})`],
    ['Version', version],
    ['Last seen', lastSeen === null ? 'not since the host’s start' : formatTime(lastSeen)],
    ['Joined', formatTime(joinedAt)],
  ] as const;
  return rows.flatMap(([title, text]) => (text === null ? [] : [`${title.padEnd(11)}${text}`]));
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

interface SetOptions extends HostOptions {
  readonly tags?: string;
  readonly sleep?: string;
  readonly onlyIdle?: string;
}

/** @throws UserError (`arguments`) naming the option that is wrong */
function changesOf({ tags, sleep, onlyIdle }: SetOptions): MachineChanges {
  const idleMinutes = onlyIdle !== undefined && /^off$/i.test(onlyIdle) ? null : Number(onlyIdle);
  const changes: MachineChanges = {
    ...(tags === undefined ? {} : { tags: tagsOf(tags) }),
    ...(sleep === undefined ? {} : { sleep: /^none$/i.test(sleep.trim()) ? '' : sleep.trim() }),
    ...(onlyIdle === undefined ? {} : { idleMinutes }),
  };
  if (Object.keys(changes).length === 0)
    throw new UserError(
      'Say what to change, as --tags gpu,linux: “framegauge machine set --help” lists it.',
      'arguments',
    );
  const wrong = machineChangesSchema.safeParse(changes).error?.issues[0]?.path[0];
  if (wrong === 'sleep') throw new UserError(`--sleep cannot be “${sleep}”: ${SCHEDULE_RULE}.`, 'arguments');
  if (wrong !== undefined)
    throw new UserError(
      `--only-idle cannot be “${onlyIdle}”: write a whole number of minutes from 1 to 1440, or off.`,
      'arguments',
    );
  return changes;
}

async function wake(id: string, options: HostOptions, cli: Cli): Promise<number> {
  const { name } = await asManager(options, cli, async (host) =>
    host.call('machine.wake', { id: (await found(id, host)).id }),
  );
  cli.terminal.out.write(
    `Magic packets were sent to “${name}”. It wakes if its network card is set to, and takes frames when “framegauge machine” runs there.\n`,
  );
  return 0;
}

async function set(id: string, options: SetOptions, cli: Cli): Promise<number> {
  const changes = changesOf(options);
  const { name } = await asManager(options, cli, async (host) =>
    host.call('machine.set', { id: (await found(id, host)).id, changes }),
  );
  cli.terminal.out.write(`“${name}” was changed.\n`);
  return 0;
}

async function change(
  id: string,
  options: HostOptions,
  cli: Cli,
  ask: (host: HostConnection, id: string) => Promise<MachineInfo>,
): Promise<number> {
  const machine = await asManager(options, cli, async (host) => ask(host, (await found(id, host)).id));
  cli.terminal.out.write(`${printable(machine.reason ?? `“${machine.name}” takes frames.`)}\n`);
  return 0;
}

/** A machine by its id or name. @throws UserError when there is none */
async function found(word: string, host: HostConnection): Promise<MachineInfo> {
  const machines = await host.call('machine.list', {});
  const machine = machines.find(({ id }) => id === word) ?? machines.find(({ name }) => name === word);
  if (machine) return machine;
  throw new UserError(`There is no machine “${word}”: “framegauge machines” lists them.`, 'not-found');
}

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
  const { name } = await asManager(options, cli, async (host) =>
    host.call('machine.forget', { id: (await found(id, host)).id }),
  );
  cli.terminal.out.write(`“${name}” is no longer part of the farm.\n`);
  return 0;
}
