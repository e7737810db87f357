import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { PreferenceValue } from '../../../shared/addons';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { describeAddon } from '../describe-addon';
import { withHost } from '../environment';
import { printJson } from '../terminal';

/** `addons`, `prefs` and `monitoring`: how a host is set up. */
export function addSetupCommands(program: Command, cli: Cli): void {
  const addons = program.command('addons').helpCommand(false).description('list, enable and disable add-ons');
  withJsonOption(withHostOptions(addons.command('list').description('all add-ons with their state'))).action(
    cli.run((options: HostOptions & JsonOption) => listAddons(options, cli)),
  );
  withJsonOption(withHostOptions(addons.command('enable').description('switch one on').argument('<id>'))).action(
    cli.run((id: string, options: HostOptions & JsonOption) => switchAddon(id, true, options, cli)),
  );
  withJsonOption(withHostOptions(addons.command('disable').description('switch one off').argument('<id>'))).action(
    cli.run((id: string, options: HostOptions & JsonOption) => switchAddon(id, false, options, cli)),
  );

  const prefs = program
    .command('prefs')
    .helpCommand(false)
    .description('read and change preferences; keys are like addons.prometheus.address');
  withJsonOption(
    withHostOptions(
      prefs.command('get').description('one preference, or all').argument('[key]', 'a preference (default: all)'),
    ),
  ).action(cli.run((key: string | undefined, options: HostOptions & JsonOption) => getPreferences(key, options, cli)));
  withJsonOption(
    withHostOptions(prefs.command('set').description('change one').argument('<key>').argument('<value>')),
  ).action(
    cli.run((key: string, value: string, options: HostOptions & JsonOption) => setPreference(key, value, options, cli)),
  );

  const monitoring = program
    .command('monitoring')
    .helpCommand(false)
    .description('the configuration that Prometheus and Grafana need');
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
  const { addons } = await cli.withHost(options, 'passive', (host) => host.call('host.state', {}));
  if (options.json) printJson(cli.terminal, addons);
  else
    for (const addon of addons)
      cli.terminal.out.write(
        `${addon.enabled ? '[x]' : '[ ]'} ${addon.manifest.id.padEnd(16)} ${describeAddon(addon)}\n`,
      );
  return 0;
}

/** @returns 1 when the add-on did not come up */
async function switchAddon(id: string, enable: boolean, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const addon = await cli.withHost(options, 'passive', async (host, own) => {
    const switched = await host.call(enable ? 'addon.enable' : 'addon.disable', { id });
    if (own && enable) terminal.err.write('No host runs on this data folder: the add-on works as soon as one does.\n');
    return switched;
  });
  if (options.json) printJson(terminal, addon);
  else terminal.out.write(`${describeAddon(addon)}\n`);
  return enable && addon.state === 'failed' ? 1 : 0;
}

async function getPreferences(key: string | undefined, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const { preferences, addons } = await cli.withHost(options, 'passive', (host) => host.call('host.state', {}));
  const ofAddons = addons.flatMap((addon) =>
    Object.entries(addon.preferences).map(([name, value]) => [`addons.${addon.manifest.id}.${name}`, value] as const),
  );
  const all: Record<string, PreferenceValue> = { ...preferences, ...Object.fromEntries(ofAddons) };
  if (key === undefined) {
    if (options.json) printJson(terminal, all);
    else for (const [name, value] of Object.entries(all)) terminal.out.write(`${name} = ${String(value)}\n`);
    return 0;
  }
  const value = all[key];
  if (value === undefined)
    throw new UserError(`There is no preference “${key}”: “framegauge prefs get” lists them.`, 'arguments');
  terminal.out.write(`${options.json ? JSON.stringify(value) : String(value)}\n`);
  return 0;
}

async function setPreference(key: string, value: string, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const set = await cli.withHost(options, 'passive', (host) => host.call('preferences.set', { key, value }));
  if (options.json) printJson(terminal, set);
  else {
    terminal.out.write(`${set.key} = ${String(set.value)}\n`);
    if (set.addon?.state === 'running') terminal.out.write(`${describeAddon(set.addon)}\n`);
  }
  return 0;
}

async function saveMonitoring(folder: string, options: JsonOption, cli: Cli): Promise<number> {
  const saved = await withHost({ kind: 'data', folder: cli.folder() }, 'passive', (host) =>
    host.call('monitoring.save', { folder: resolve(folder) }),
  );
  if (options.json) printJson(cli.terminal, saved);
  else
    cli.terminal.out.write(
      `${saved.files.length} files are in ${saved.folder}; README.md there says how to start Prometheus and Grafana with them.\n`,
    );
  return 0;
}
