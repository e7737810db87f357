import { realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { UserError } from '../../../shared/user-error';
import type { AddonLanguage } from '../../addons/kit/create-addon';
import type { Finding } from '../../addons/kit/finding';
import { unpackedPath } from '../../data/unpacked-path';
import { VERSION } from '../../version';
import { type Cli, type JsonOption, withJsonOption } from '../cli';
import { builtFolder } from '../environment';
import { printable } from '../table';
import { printJson } from '../terminal';

/** `addons create`, `check`, `test` and `pack`: what authors of add-ons need. */
export function addAddonKitCommands(addons: Command, cli: Cli): void {
  withJsonOption(
    addons
      .command('create')
      .description('start an add-on of your own: a folder that works as it is, with a test')
      .argument('<folder>', 'folder to make; its name is the add-on’s id')
      .option('--typescript', 'in TypeScript instead of JavaScript')
      .addOption(new Option('--author <name>', 'for addon.json (default: your login name)')),
  ).action(cli.run((folder: string, options: CreateOptions) => createCommand(folder, options, cli)));
  withJsonOption(
    addons
      .command('check')
      .description('look an add-on over without running it: addon.json, imports, permissions, types')
      .argument('[folder]', 'folder of the add-on', '.'),
  ).action(cli.run((folder: string, options: JsonOption) => checkCommand(folder, options, cli)));
  withJsonOption(
    addons
      .command('test')
      .description('run an add-on through a recorded render and see what it leaves behind; runs its own tests first')
      .argument('[folder]', 'folder of the add-on', '.')
      .option('--verbose', 'print what it logs'),
  ).action(cli.run((folder: string, options: TestOptions) => testCommand(folder, options, cli)));
  withJsonOption(
    addons
      .command('pack')
      .description('check an add-on and make the .zip that others install')
      .argument('[folder]', 'folder of the add-on', '.')
      .option('--out <file>', 'file or folder to write it to (default: the current folder)'),
  ).action(cli.run((folder: string, options: PackOptions) => packCommand(folder, options, cli)));
}

interface CreateOptions extends JsonOption {
  readonly typescript?: boolean;
  readonly author?: string;
}

interface TestOptions extends JsonOption {
  readonly verbose?: boolean;
}

interface PackOptions extends JsonOption {
  readonly out?: string;
}

async function createCommand(folder: string, options: CreateOptions, { terminal }: Cli): Promise<number> {
  const { createAddon } = await import('../../addons/kit/create-addon');
  const language: AddonLanguage = options.typescript ? 'typescript' : 'javascript';
  const created = await createAddon({ folder, language, author: options.author ?? loginName() });
  if (options.json) printJson(terminal, created);
  else {
    for (const file of created.files) terminal.out.write(`  ${file}\n`);
    terminal.out.write(`The add-on is in ${created.folder}. Try it: framegauge addons dev ${shown(created.folder)}\n`);
  }
  return 0;
}

/** @returns 1 when it found an error */
async function checkCommand(folder: string, options: JsonOption, { terminal }: Cli): Promise<number> {
  const { checkAddon } = await import('../../addons/kit/check-addon');
  const { manifest, findings } = await checkAddon(resolve(folder), VERSION, terminal.signal);
  if (options.json) printJson(terminal, { id: manifest.id, version: manifest.version, findings });
  else {
    print(findings, terminal.out);
    const errors = findings.filter(({ level }) => level === 'error').length;
    terminal.out.write(
      printable(
        errors === 0
          ? `${manifest.name} ${manifest.version} is in order.`
          : `${manifest.name} ${manifest.version} is not in order yet.`,
      ) + '\n',
    );
  }
  return findings.some(({ level }) => level === 'error') ? 1 : 0;
}

/** @returns 1 when something is to be mended */
async function testCommand(given: string, options: TestOptions, { terminal }: Cli): Promise<number> {
  const [{ prepareAddon }, { testAddon }, { unitTests, runUnitTests }] = await Promise.all([
    import('../../addons/kit/prepare-addon'),
    import('../../addons/kit/test-addon'),
    import('../../addons/kit/unit-tests'),
  ]);
  const folder = await realFolder(given);
  const manifest = await prepareAddon(folder, VERSION);
  const progress = options.json ? terminal.err : terminal.out;
  const files = await unitTests(folder);
  const passed =
    files.length === 0 || (await runUnitTests(folder, files, (text) => void progress.write(text), terminal.signal));
  const tested = await testAddon(folder, manifest, {
    builtFolder: addonRuntime(),
    signal: terminal.signal,
    ...(options.verbose
      ? { onLog: ({ level, text }) => void terminal.err.write(`${level}: ${printable(text)}\n`) }
      : {}),
  });
  const failed = !passed || tested.findings.some(({ level }) => level === 'error');
  if (options.json)
    printJson(terminal, {
      id: manifest.id,
      version: manifest.version,
      ownTests: files.length === 0 ? null : passed,
      ...tested,
    });
  else {
    print(tested.findings, terminal.out);
    if (!passed) terminal.out.write('Its own tests failed.\n');
    const name = printable(`${manifest.name} ${manifest.version}`);
    terminal.out.write(
      failed
        ? `${name} is not in order yet.\n`
        : `${name} registered in ${(tested.registerSeconds ?? 0).toFixed(2)} s, handled ${tested.events} events and left nothing behind.\n`,
    );
  }
  return failed ? 1 : 0;
}

async function packCommand(folder: string, options: PackOptions, { terminal }: Cli): Promise<number> {
  const [{ checkAddon }, { packAddon }] = await Promise.all([
    import('../../addons/kit/check-addon'),
    import('../../addons/kit/pack-addon'),
  ]);
  const { manifest, findings } = await checkAddon(resolve(folder), VERSION, terminal.signal);
  print(
    findings.filter(({ level }) => level !== 'note'),
    terminal.err,
  );
  if (findings.some(({ level }) => level === 'error'))
    throw new UserError('The add-on was not packed: mend the errors above first.');
  const packed = await packAddon(resolve(folder), manifest, options.out);
  if (options.json) printJson(terminal, packed);
  else {
    for (const path of packed.files) terminal.out.write(`  ${printable(path)}\n`);
    if (packed.leftOut.length > 0)
      terminal.out.write(`Left out: ${packed.leftOut.map((name) => printable(name)).join(', ')}\n`);
    terminal.out.write(`${shown(packed.file)}: ${packed.files.length} files, ${inUnits(packed.bytes)}\n`);
    terminal.out.write(`SHA-256 ${packed.sha256}\n`);
  }
  return 0;
}

function print(findings: readonly Finding[], to: NodeJS.WriteStream): void {
  for (const { level, text } of findings) to.write(`${level}: ${printable(text)}\n`);
}

/** The folder without links, as Node names its modules. */
async function realFolder(folder: string): Promise<string> {
  return realpath(resolve(folder)).catch(() => {
    throw new UserError(`There is no folder “${folder}”.`, 'arguments');
  });
}

/** Folder of the code that runs in every add-on's process. */
const addonRuntime = (): string => unpackedPath(join(builtFolder, 'addon'));

/** A path as short as it can be typed here. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return printable(short !== '' && !short.startsWith('..') ? short : path);
}

function loginName(): string {
  try {
    return userInfo().username || 'unknown';
  } catch {
    // No entry for this user, as in some containers.
    return 'unknown';
  }
}

const inUnits = (bytes: number): string =>
  bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
