import type { Command } from 'commander';
import type { InstallResult } from '../../../shared/addons';
import { UserError } from '../../../shared/user-error';
import { requestsOf } from '../../addons/consent';
import { typedPath } from '../../scenes/typed-path';
import { askYes, canAsk } from '../ask';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { describeAddon } from '../describe-addon';
import type { HostConnection } from '../host-connection';
import { printJson, type Terminal } from '../terminal';

/** Ids are taken from a repository; a file or folder of the same name is written with a path, as ./NAME. */
const ID = /^[a-z][a-z0-9-]+$/;

export interface InstallOptions extends HostOptions, JsonOption {
  readonly yes?: boolean;
}

interface UninstallOptions extends HostOptions, JsonOption {
  /** `--keep-data`, `--remove-data`. */
  readonly keepData?: boolean;
  readonly removeData?: boolean;
}

/** `addons install`, `uninstall` and `rollback`. */
export function addAddonInstallCommands(addons: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      addons
        .command('install')
        .description('install an add-on, or update it')
        .argument(
          '<file>',
          'its .zip or folder (./NAME), or its id in a repository; with --host, as that machine sees it',
        ),
    ),
  )
    .option('--yes', 'agree to the permissions that an update newly asks for')
    .action(cli.run((file: string, options: InstallOptions) => install(file, options, cli)));
  withJsonOption(
    withHostOptions(
      addons.command('rollback').description('go back to the version before the last update').argument('<id>'),
    ),
  ).action(cli.run((id: string, options: HostOptions & JsonOption) => rollBack(id, options, cli)));
  withJsonOption(
    withHostOptions(addons.command('uninstall').description('stop an add-on and delete it').argument('<id>')),
  )
    .option('--keep-data', 'keep its preferences and what it has stored (the default where nobody can be asked)')
    .option('--remove-data', 'delete them too')
    .action(cli.run((id: string, options: UninstallOptions) => uninstall(id, options, cli)));
}

/** @returns 1 when nothing was installed for lack of consent */
async function install(file: string, options: InstallOptions, cli: Cli): Promise<number> {
  const remote = cli.target(options).kind === 'remote';
  const source = ID.test(file) ? { id: file } : { path: remote ? file : typedPath(file, { from: process.cwd() }) };
  return cli.withHost(options, { passive: true }, async (host, own) => {
    const result = await installFrom(host, source, options, cli.terminal);
    if (options.json) printJson(cli.terminal, result);
    else tellResult(result, own, cli.terminal);
    return result.outcome === 'installed' ? 0 : 1;
  });
}

/** Installs, with a question where the update asks for more. */
export async function installFrom(
  host: HostConnection,
  source: { readonly path: string } | { readonly id: string },
  options: InstallOptions,
  terminal: Terminal,
): Promise<InstallResult> {
  const result = await host.call('addon.install', source);
  return result.outcome === 'consent' && (await agrees(result, options, terminal))
    ? host.call('addon.install', { ...source, consent: result.asks.map(({ permission }) => permission) })
    : result;
}

type Consent = Extract<InstallResult, { outcome: 'consent' }>;

async function agrees(
  { name, version, installed, asks }: Consent,
  options: InstallOptions,
  terminal: Terminal,
): Promise<boolean> {
  if (options.yes) return true;
  terminal.err.write(`${name} ${version} asks for more than ${installed}, which is installed:\n`);
  for (const { permission, reason } of asks) terminal.err.write(`  ${permission}: ${reason}\n`);
  return canAsk(terminal) && askYes(terminal, 'Install it all the same?');
}

export function tellResult(result: InstallResult, own: boolean, { out, err }: Terminal): void {
  if (result.outcome === 'consent') {
    err.write(`Nothing was changed: ${result.name} ${result.installed} stays. Add --yes to agree.\n`);
    return;
  }
  const { addon, replaced } = result;
  const { id, name, version, permissions } = addon.manifest;
  if (replaced !== null) {
    out.write(
      `${name} ${version} is installed in place of ${replaced}; “framegauge addons rollback ${id}” goes back.\n`,
    );
    if (!own && addon.enabled) out.write(`${describeAddon(addon)}\n`);
    return;
  }
  out.write(`${name} ${version} is installed; “framegauge addons enable ${id}” switches it on.\n`);
  for (const { permission, reason } of requestsOf(permissions)) out.write(`  It asks for ${permission}: ${reason}\n`);
}

async function rollBack(id: string, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const addon = await cli.withHost(options, { passive: true }, (host) => host.call('addon.rollBack', { id }));
  if (options.json) printJson(terminal, addon);
  else {
    const { name, version } = addon.manifest;
    terminal.out.write(
      `${name} is at version ${version} again; the same command returns to ${addon.previousVersion}.\n`,
    );
  }
  return addon.state === 'failed' ? 1 : 0;
}

async function uninstall(id: string, options: UninstallOptions, cli: Cli): Promise<number> {
  const { terminal } = cli;
  if (options.keepData && options.removeData)
    throw new UserError('--keep-data and --remove-data exclude each other: give one of them.', 'arguments');
  return cli.withHost(options, { passive: true }, async (host) => {
    const ask = !options.keepData && !options.removeData && canAsk(terminal);
    const removeData = ask
      ? await askYes(terminal, `Delete the preferences and the stored data of ${id} too?`)
      : options.removeData === true;
    const removed = await host.call('addon.uninstall', { id, removeData });
    if (options.json) printJson(terminal, { ...removed, dataRemoved: removeData });
    else
      terminal.out.write(
        `${removed.name} is uninstalled; its preferences and data are ${removeData ? 'deleted' : 'kept'}.\n`,
      );
    return 0;
  });
}
