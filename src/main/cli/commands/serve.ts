import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readHostNames } from '../../../shared/host-names';
import { UserError } from '../../../shared/user-error';
import type { Cli } from '../cli';
import { describeAddon, printProblems } from '../describe-addon';
import { findRunningHost, firstScene, startHeadless, withHost } from '../environment';
import { isWhole, renderJob } from '../follow-job';
import { addressForPeople } from '../journal';
import { createProgressView } from '../progress';
import { report } from '../report';
import { interrupted } from '../terminal';

/** `serve` and `demo`: run a host until Ctrl+C. */
export function addServeCommands(program: Command, cli: Cli): void {
  program
    .command('serve')
    .description('run a host with a browser UI until Ctrl+C')
    .option('--host <address>', 'address of the control server; 0.0.0.0 listens on every network', '127.0.0.1')
    .option('--port <n>', 'its port', '7878')
    .option(
      '--name <host>',
      'additional host name to answer to, such as a DNS alias or a proxy’s name; repeatable',
      (name: string, names: readonly string[] = []) => [...names, name],
    )
    .option('--safe-mode', 'start no add-on that did not come with Framegauge')
    .addHelpText(
      'after',
      '\nFRAMEGAUGE_TOKEN and FRAMEGAUGE_READ_TOKEN set the control token and the read token (16 characters or more); otherwise both are generated and kept in the data folder. Unfinished jobs resume.',
    )
    .action(cli.run((options: ServeOptions) => serve(options, cli)));

  program
    .command('demo')
    .description('render the example scene with metrics on, then serve them')
    .option('--exit', 'exit when the last frame is written')
    .option(
      '--output <pattern>',
      'path of the images, #### being the frame number (default: Framegauge in your home folder)',
    )
    .action(cli.run((options: { exit?: boolean; output?: string }) => demo(options, cli)));
}

interface ServeOptions {
  readonly host: string;
  readonly port: string;
  readonly name?: readonly string[];
  readonly safeMode?: boolean;
}

async function serve(options: ServeOptions, { terminal, folder }: Cli): Promise<number> {
  const port = Number(options.port);
  if (!/^\d+$/.test(options.port) || port > 65_535)
    throw new UserError(`--port cannot be “${options.port}”: write a number from 0 to 65535.`, 'arguments');
  // An empty address would listen on every network.
  if (options.host.trim() === '')
    throw new UserError('--host cannot be “”: write an address, such as 127.0.0.1 or 0.0.0.0.', 'arguments');
  const names = hostNames(options.name ?? []);
  const dataFolder = folder();
  const running = await findRunningHost(dataFolder);
  if (running)
    throw new UserError(
      `Framegauge runs already on ${dataFolder}: its UI is at ${addressForPeople({ ...running, dataFolder })} (process ${running.pid}).`,
    );
  const host = await startHeadless(dataFolder, {
    firstScene,
    listen: { host: options.host, port },
    names,
    safeMode: options.safeMode ?? false,
  });
  terminal.out.write(
    `Framegauge serves its UI at ${addressForPeople({ url: host.url, token: host.token, dataFolder })}\nPress Ctrl+C to end it; unfinished jobs go on at the next start.\n`,
  );
  const { connectTo } = await import('../host-connection');
  const connection = connectTo(host);
  for (const notice of (await connection.call('host.state', {})).notices) terminal.err.write(`${notice.text}\n`);
  for (const addon of (await connection.call('host.state', {})).addons) {
    if (!addon.enabled) continue;
    terminal.out.write(`${describeAddon(addon)}\n`);
    printProblems(addon, terminal);
  }
  await interrupted(terminal.signal);
  await host.close();
  return 0;
}

/** Validates the values of `--name`, one name per option. @throws UserError (`arguments`) naming the invalid one */
function hostNames(given: readonly string[]): readonly string[] {
  return given.map((text) => {
    const { names, wrong } = readHostNames(text);
    if (wrong.length > 0 || names.length !== 1)
      throw new UserError(
        `--name cannot be “${text}”: write one host name, as renders.example, without http:// and without a port; give --name again for another.`,
        'arguments',
      );
    return names[0]!;
  });
}

/** Renders the first scene with the Prometheus add-on enabled, and serves its metrics until Ctrl+C. */
async function demo(options: { exit?: boolean; output?: string }, { terminal, data }: Cli): Promise<number> {
  // The demo's settings must not end up in the user's own preferences.
  const chosen = data();
  const folder = chosen ?? (await mkdtemp(join(tmpdir(), 'framegauge-demo-')));
  try {
    return await withHost({ kind: 'data', folder }, {}, async (host, own) => {
      if (own) await host.call('scene.open', { path: firstScene });
      const addon = await host.call('addon.enable', { id: 'prometheus' });
      terminal.out.write(`${describeAddon(addon)}\n`);
      printProblems(addon, terminal);
      const { jobRequestOf } = await import('../render-options');
      const request = jobRequestOf(firstScene, {
        overwrite: true,
        size: '640x360',
        samples: '4',
        ...(options.output === undefined ? {} : { output: options.output }),
      });
      const outcome = await renderJob(host, request, createProgressView(terminal.out), terminal.signal);
      report(outcome, false, terminal);
      const first = outcome.files[0];
      if (first !== undefined) terminal.out.write(`The images are ${first} and those beside it.\n`);
      if (!options.exit && !terminal.signal.aborted) {
        terminal.out.write('The metrics are served until you press Ctrl+C.\n');
        await interrupted(terminal.signal);
      }
      return isWhole(outcome) ? 0 : 1;
    });
  } finally {
    if (chosen === undefined) await rm(folder, { recursive: true, force: true });
  }
}
