import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../../../shared/user-error';
import { findRunningHost } from '../../data/running-host';
import type { Cli } from '../cli';
import { describeAddon } from '../describe-addon';
import { firstScene, startHeadless, withHost } from '../environment';
import { isWhole, renderJob } from '../follow-job';
import { connectTo } from '../host-connection';
import { createProgressView } from '../progress';
import { jobRequestOf } from '../render-options';
import { report } from '../report';
import { interrupted } from '../terminal';

/** `serve` and `demo`: what runs a host until Ctrl+C. */
export function addServeCommands(program: Command, cli: Cli): void {
  program
    .command('serve')
    .description('run a host until Ctrl+C, with its UI in a browser')
    .option('--host <address>', 'address of the control server; 0.0.0.0 answers on every network', '127.0.0.1')
    .option('--port <n>', 'its port', '7878')
    .addHelpText(
      'after',
      '\nFRAMEGAUGE_TOKEN sets the token that others need; else one is made and kept in the data folder. It goes on with the jobs that are unfinished.',
    )
    .action(cli.run((options: { host: string; port: string }) => serve(options, cli)));

  program
    .command('demo')
    .description('render the example scene with metrics on, then serve them')
    .option('--exit', 'end when the last frame is written')
    .option(
      '--output <pattern>',
      'where the images go, #### being the frame number (default: Framegauge in your home folder)',
    )
    .action(cli.run((options: { exit?: boolean; output?: string }) => demo(options, cli)));
}

async function serve(options: { host: string; port: string }, { terminal, folder }: Cli): Promise<number> {
  const port = Number(options.port);
  if (!/^\d+$/.test(options.port) || port > 65_535)
    throw new UserError(`--port cannot be “${options.port}”: write a number from 0 to 65535.`, 'arguments');
  const dataFolder = folder();
  const running = await findRunningHost(dataFolder);
  if (running)
    throw new UserError(
      `Framegauge runs already on ${dataFolder}: its UI is at ${running.url}/#token=${running.token} (process ${running.pid}).`,
    );
  const host = await startHeadless(dataFolder, { scene: firstScene, listen: { host: options.host, port } });
  terminal.out.write(
    `Framegauge serves its UI at ${host.uiUrl}\nPress Ctrl+C to end it; unfinished jobs go on at the next start.\n`,
  );
  const connection = connectTo(host);
  for (const notice of (await connection.call('host.state', {})).notices) terminal.err.write(`${notice.text}\n`);
  for (const addon of (await connection.call('host.state', {})).addons)
    if (addon.enabled) terminal.out.write(`${describeAddon(addon)}\n`);
  await interrupted(terminal.signal);
  await host.close();
  return 0;
}

/** Renders the first scene with the Prometheus add-on enabled, and serves its metrics until Ctrl+C. */
async function demo(options: { exit?: boolean; output?: string }, { terminal, data }: Cli): Promise<number> {
  // What the demo sets is not to be found later in the person's own preferences.
  const chosen = data();
  const folder = chosen ?? (await mkdtemp(join(tmpdir(), 'framegauge-demo-')));
  try {
    return await withHost({ kind: 'data', folder }, 'active', async (host, own) => {
      if (own) await host.call('scene.open', { path: firstScene });
      const addon = await host.call('addon.enable', { id: 'prometheus' });
      terminal.out.write(`${describeAddon(addon)}\n`);
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
