import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { PreferenceValue } from '../../../shared/addons';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { describeAddon, printProblems } from '../describe-addon';
import { withHost } from '../environment';
import { printJson } from '../terminal';
import { addAddonInstallCommands } from './addon-install';
import { addAddonDevCommand } from './addon-dev';
import { addAddonKitCommands } from './addon-kit';
import { addAddonRepositoryCommands } from './addon-repository';

/** `addons`, `prefs` and `monitoring`: configure a host. */
export function addSetupCommands(program: Command, cli: Cli): void {
  const addons = program.command('addons').helpCommand(false).description('install, enable, write and pack add-ons');
  withJsonOption(withHostOptions(addons.command('list').description('list add-ons and their state'))).action(
    cli.run((options: HostOptions & JsonOption) => listAddons(options, cli)),
  );
  withJsonOption(withHostOptions(addons.command('enable').description('enable an add-on').argument('<id>'))).action(
    cli.run((id: string, options: HostOptions & JsonOption) => switchAddon(id, true, options, cli)),
  );
  withJsonOption(withHostOptions(addons.command('disable').description('disable an add-on').argument('<id>'))).action(
    cli.run((id: string, options: HostOptions & JsonOption) => switchAddon(id, false, options, cli)),
  );
  addAddonInstallCommands(addons, cli);
  addAddonRepositoryCommands(addons, cli);
  addAddonKitCommands(addons, cli);
  addAddonDevCommand(addons, cli);

  const prefs = program
    .command('prefs')
    .helpCommand(false)
    .description('show and change preferences, such as addons.prometheus.address');
  withJsonOption(
    withHostOptions(
      prefs
        .command('get')
        .description('show one preference, or several')
        .argument('[key]', 'a preference, or what several begin with, such as addons.prometheus (default: all)'),
    ),
  ).action(cli.run((key: string | undefined, options: HostOptions & JsonOption) => getPreferences(key, options, cli)));
  withJsonOption(
    withHostOptions(prefs.command('set').description('change a preference').argument('<key>').argument('<value>')),
  ).action(
    cli.run((key: string, value: string, options: HostOptions & JsonOption) => setPreference(key, value, options, cli)),
  );

  const monitoring = program
    .command('monitoring')
    .helpCommand(false)
    .description('export configuration for Prometheus and Grafana');
  withJsonOption(
    monitoring
      .command('save')
      .description(
        'write it into a folder: scrape configuration, alert rules, a dashboard, and a compose file that starts both',
      )
      .argument('<folder>'),
  ).action(cli.run((folder: string, options: JsonOption) => saveMonitoring(folder, options, cli)));
}

async function listAddons(options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { addons } = await cli.withHost(options, { passive: true }, (host) => host.call('host.state', {}));
  if (options.json) printJson(cli.terminal, addons);
  else {
    for (const addon of addons) {
      cli.terminal.out.write(
        `${addon.enabled ? '[x]' : '[ ]'} ${addon.manifest.id.padEnd(16)} ${describeAddon(addon)}\n`,
      );
      for (const warning of addon.warnings) cli.terminal.out.write(`${' '.repeat(21)}${warning}\n`);
    }
  }
  return 0;
}

/** @returns 1 when the add-on failed to start */
async function switchAddon(id: string, enable: boolean, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const addon = await cli.withHost(options, { passive: true }, async (host, own) => {
    const switched = await host.call(enable ? 'addon.enable' : 'addon.disable', { id });
    if (own && enable) terminal.err.write('No host runs on this data folder: the add-on works as soon as one does.\n');
    return switched;
  });
  if (options.json) printJson(terminal, addon);
  else terminal.out.write(`${describeAddon(addon)}\n`);
  if (enable) printProblems(addon, terminal);
  return enable && addon.state === 'failed' ? 1 : 0;
}

async function getPreferences(key: string | undefined, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const { preferences, addons } = await cli.withHost(options, { passive: true }, (host) => host.call('host.state', {}));
  const ofAddons = addons.flatMap((addon) =>
    Object.entries(addon.preferences).map(([name, value]) => [`addons.${addon.manifest.id}.${name}`, value] as const),
  );
  const all: Record<string, PreferenceValue> = { ...preferences, ...Object.fromEntries(ofAddons) };
  const value = key !== undefined && Object.hasOwn(all, key) ? all[key] : undefined;
  const listed = Object.entries(all).filter(([name]) => key === undefined || name.startsWith(`${key}.`));
  if (value === undefined && listed.length > 0) {
    if (options.json) printJson(terminal, Object.fromEntries(listed));
    else for (const [name, one] of listed) terminal.out.write(`${name} = ${String(one)}\n`);
    return 0;
  }
  if (value === undefined)
    throw new UserError(`There is no preference “${key}”: “framegauge prefs get” lists them.`, 'arguments');
  if (options.json) printJson(terminal, value);
  else terminal.out.write(`${String(value)}\n`);
  return 0;
}

async function setPreference(key: string, value: string, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const set = await cli.withHost(options, { passive: true }, (host) => host.call('preferences.set', { key, value }));
  if (options.json) printJson(terminal, set);
  else {
    terminal.out.write(`${set.key} = ${String(set.value)}\n`);
    if (set.addon?.state === 'running') terminal.out.write(`${describeAddon(set.addon)}\n`);
  }
  if (set.addon?.state === 'running') printProblems(set.addon, terminal);
  return 0;
}

async function saveMonitoring(folder: string, options: JsonOption, cli: Cli): Promise<number> {
  const saved = await withHost({ kind: 'data', folder: cli.folder() }, { passive: true }, (host) =>
    host.call('monitoring.save', { folder: resolve(folder) }),
  );
  if (options.json) printJson(cli.terminal, saved);
  else
    cli.terminal.out.write(
      `${saved.files.length} files are in ${saved.folder}; README.md there says how to start Prometheus and Grafana with them.\n`,
    );
  return 0;
}
