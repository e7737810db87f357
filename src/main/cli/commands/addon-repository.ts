import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AddonCatalogue, AvailableAddon } from '../../../shared/addon-repositories';
import type { InstallResult } from '../../../shared/addons';
import { messageOf, UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { counted } from '../describe-job';
import { printJson, type Terminal } from '../terminal';
import { installFrom, type InstallOptions, tellResult } from './addon-install';

/** `addons search`, `update` and `index`: repositories. */
export function addAddonRepositoryCommands(addons: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      addons
        .command('search')
        .description('list what the repositories offer (preference repositories.addresses)')
        .argument('[word...]', 'words that have to occur'),
    ),
  ).action(cli.run((words: string[], options: HostOptions & JsonOption) => search(words, options, cli)));
  withJsonOption(
    withHostOptions(
      addons
        .command('update')
        .description('update add-ons from the repositories')
        .argument('[id...]', 'which (default: all that have an update)'),
    ),
    'print an array of results',
  )
    .option('--yes', 'agree to the permissions that an update newly asks for')
    .action(cli.run((ids: string[], options: InstallOptions) => update(ids, options, cli)));
  withJsonOption(
    addons
      .command('index')
      .description('make a folder of .zip files a repository: write its index.json')
      .argument('<folder>'),
  ).action(cli.run((folder: string, options: JsonOption) => index(folder, options, cli)));
}

/** @returns 1 when a repository could not be read */
async function search(words: readonly string[], options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const catalogue = await cli.withHost(options, { passive: true }, (host) => host.call('addon.catalogue', {}));
  const addons = catalogue.addons.filter((addon) => hasWords(addon, words));
  if (options.json) printJson(terminal, { ...catalogue, addons });
  else {
    for (const addon of addons) terminal.out.write(`${lineOf(addon)}\n`);
    if (addons.length === 0) terminal.out.write(nothingIn(catalogue, words));
  }
  return tellProblems(catalogue, terminal) ? 1 : 0;
}

function hasWords(addon: AvailableAddon, words: readonly string[]): boolean {
  const { id, name, tagline, author, category, tags } = addon;
  const text = [id, name, tagline, author, category, ...tags].join(' ').toLowerCase();
  return words.every((word) => text.includes(word.toLowerCase()));
}

function lineOf(addon: AvailableAddon): string {
  const note =
    addon.blocked !== null
      ? ` (blocked: ${addon.blocked})`
      : addon.update
        ? ` (update of ${addon.installed})`
        : addon.installed !== null
          ? ' (installed)'
          : '';
  return `${addon.id.padEnd(16)} ${addon.version.padEnd(8)} ${addon.name}: ${addon.tagline}${note}`;
}

function nothingIn({ repositories }: AddonCatalogue, words: readonly string[]): string {
  return repositories.length === 0
    ? 'There are no repositories: name some with “framegauge prefs set repositories.addresses …”.\n'
    : words.length > 0
      ? 'No add-on in the repositories fits.\n'
      : 'The repositories offer nothing for this version of Framegauge.\n';
}

/** @returns whether there were any */
function tellProblems({ repositories }: AddonCatalogue, { err }: Terminal): boolean {
  for (const { address, problem } of repositories)
    if (problem !== null) err.write(problem.includes(address) ? `${problem}\n` : `${address}: ${problem}\n`);
  return repositories.some(({ problem }) => problem !== null);
}

/** @returns 1 when an update failed, or waits for consent */
async function update(ids: readonly string[], options: InstallOptions, cli: Cli): Promise<number> {
  const { terminal } = cli;
  return cli.withHost(options, { passive: true }, async (host, own) => {
    const catalogue = await host.call('addon.catalogue', {});
    let code = tellProblems(catalogue, terminal) ? 1 : 0;
    const { addons } = await host.call('host.state', {});
    for (const id of ids)
      if (!addons.some(({ manifest }) => manifest.id === id))
        throw new UserError(`“${id}” is not installed: “framegauge addons install ${id}” installs it.`, 'not-found');
    const updates = catalogue.addons.filter(
      (addon) => addon.update && addon.blocked === null && (ids.length === 0 || ids.includes(addon.id)),
    );
    const results: (InstallResult | { outcome: 'failed'; id: string; reason: string })[] = [];
    for (const { id } of updates) {
      try {
        const result = await installFrom(host, { id }, options, terminal);
        results.push(result);
        if (result.outcome === 'consent') code = 1;
        if (!options.json) tellResult(result, own, terminal);
      } catch (error) {
        code = 1;
        results.push({ outcome: 'failed', id, reason: messageOf(error) });
        terminal.err.write(`${messageOf(error)}\n`);
      }
    }
    if (options.json) printJson(terminal, results);
    else if (updates.length === 0) terminal.out.write('Everything is up to date.\n');
    return code;
  });
}

async function index(folder: string, options: JsonOption, { terminal }: Cli): Promise<number> {
  const { makeIndex } = await import('../../addons/repository/make-index');
  const made = await makeIndex(resolve(folder));
  if (options.json) printJson(terminal, made);
  else {
    for (const { id, version, file } of made.index.addons) terminal.out.write(`${id} ${version}  ${file}\n`);
    terminal.out.write(`${counted(made.index.addons.length, 'add-on')} in ${made.file}\n`);
  }
  return 0;
}
