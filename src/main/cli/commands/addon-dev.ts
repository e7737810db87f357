import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { AddonLogLine, AddonManifest } from '../../../shared/addons';
import { UserError, messageOf } from '../../../shared/user-error';
import { VERSION } from '../../version';
import type { Cli } from '../cli';
import { describeAddon, printProblems } from '../describe-addon';
import { findRunningHost, firstScene, startHeadless } from '../environment';
import type { HostConnection } from '../host-connection';
import { addressForPeople } from '../journal';
import { printable } from '../table';

/** How often the folder is looked at, in milliseconds. A change counts once two looks agree. */
const LOOK_INTERVAL = 250;
/** Looks between two renewals of the link and two readings of the log. */
const LOOKS_PER_RENEWAL = 8;
const LOOKS_PER_READING = 2;

/** `addons dev`: runs an add-on while its author works on it. */
export function addAddonDevCommand(addons: Command, cli: Cli): void {
  addons
    .command('dev')
    .description(
      'run an add-on from its folder, restart it at every change and print its log, until Ctrl+C; the host keeps nothing of it',
    )
    .argument('[folder]', 'folder of the add-on', '.')
    .option('--own', 'in a host of its own, even if one runs on the data folder')
    .action(cli.run((folder: string, options: { own?: boolean }) => dev(folder, options, cli)));
}

async function dev(given: string, options: { readonly own?: boolean }, cli: Cli): Promise<number> {
  const folder = await realpath(resolve(given)).catch(() => {
    throw new UserError(`There is no folder “${given}”.`, 'arguments');
  });
  const { prepareAddon } = await import('../../addons/kit/prepare-addon');
  // Before a host is started: the first mistakes are made in addon.json.
  const manifest = await prepareAddon(folder, VERSION);
  const { host, end } = await hostFor(options.own ?? false, cli);
  try {
    return await follow(folder, manifest, host, cli);
  } finally {
    await end();
  }
}

/** The host that runs on the data folder, or one of its own in a folder that is deleted afterwards. */
async function hostFor(own: boolean, cli: Cli): Promise<{ host: HostConnection; end(): Promise<void> }> {
  const { out } = cli.terminal;
  const { connectTo, connectToRunning } = await import('../host-connection');
  const running = own ? null : await findRunningHost(cli.folder());
  if (running) {
    const host = await connectToRunning(running);
    out.write(`Linked into the host at ${running.url}. Ctrl+C takes it out again.\n`);
    return { host, end: () => host.close() };
  }
  const data = await mkdtemp(join(tmpdir(), 'framegauge-dev-'));
  const remove = (): Promise<void> => rm(data, { recursive: true, force: true, maxRetries: 5 });
  try {
    const started = await startHeadless(data, { firstScene });
    out.write(
      `A host of its own runs with its UI at ${addressForPeople({ url: started.url, token: started.token, dataFolder: data })}\nCtrl+C ends it and deletes its data.\n`,
    );
    const host = connectTo(started);
    return {
      host,
      async end() {
        await host.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @returns 0 after Ctrl+C, 1 when the host has ended */
async function follow(
  folder: string,
  first: Pick<AddonManifest, 'id' | 'main'>,
  host: HostConnection,
  { terminal }: Cli,
): Promise<number> {
  const [{ prepareAddon }, { folderStamp }, { isStripped }] = await Promise.all([
    import('../../addons/kit/prepare-addon'),
    import('../../addons/kit/folder-stamp'),
    import('../../addons/kit/build-addon'),
  ]);
  const { signal } = terminal;
  const lost = new AbortController();
  void host.lost.then(() => lost.abort());
  const ended = AbortSignal.any([signal, lost.signal]);
  let { id } = first;
  /** Whether `dist/` is made from the sources, so that it is no change of the author's. */
  let built = await isStripped(folder, first.main);
  let printed: AddonLogLine | null = null;
  let linked = false;

  async function restart(): Promise<void> {
    try {
      const manifest = await prepareAddon(folder, VERSION);
      id = manifest.id;
      built = await isStripped(folder, manifest.main);
      const addon = await host.call('addon.link', { folder, restart: true });
      linked = true;
      await printLog();
      terminal.out.write(`${describeAddon(addon)}\n`);
      printProblems(addon, terminal);
    } catch (error) {
      terminal.err.write(`${printable(messageOf(error))}\n`);
    }
  }

  /** Prints what came after the last line printed; everything if that has been dropped meanwhile. */
  async function printLog(): Promise<void> {
    const lines = await host.call('addon.log', { id });
    const last = printed;
    const at = last ? lines.findLastIndex((line) => line.time === last.time && line.text === last.text) : -1;
    for (const { time, level, text } of lines.slice(at + 1))
      terminal.out.write(`${new Date(time).toTimeString().slice(0, 8)} ${level.padEnd(5)} ${text}\n`);
    printed = lines.at(-1) ?? null;
  }

  // Taken before what it describes is started: what is written meanwhile is another change.
  let known = await folderStamp(folder, built);
  let before = known;
  await restart();
  try {
    for (let look = 1; !ended.aborted; look++) {
      await sleep(LOOK_INTERVAL, undefined, { signal: ended }).catch(() => undefined);
      if (ended.aborted) break;
      const now = await folderStamp(folder, built);
      // Settled: an editor may write several files, or one in several steps.
      if (now !== known && now === before) {
        known = now;
        terminal.out.write('Changed: starting it again.\n');
        const was = built;
        await restart();
        if (built !== was) known = await folderStamp(folder, built);
        before = known;
        continue;
      }
      before = now;
      if (!linked) continue;
      if (look % LOOKS_PER_READING === 0) await printLog().catch(() => undefined);
      if (look % LOOKS_PER_RENEWAL === 0)
        await host.call('addon.link', { folder, restart: false }).catch((error: unknown) => {
          if (!lost.signal.aborted) terminal.err.write(`${printable(messageOf(error))}\n`);
        });
    }
  } finally {
    if (linked && !lost.signal.aborted) await host.call('addon.unlink', { id }).catch(() => undefined);
  }
  if (!lost.signal.aborted) return 0;
  terminal.err.write('The host has ended.\n');
  return 1;
}
