import { Command, CommanderError } from 'commander';
import { UserError, messageOf } from '../shared/user-error';
import { type Terminal, demo, getPreferences, listAddons, render, saveMonitoring, serve, setPreference, switchAddon } from './cli/commands';
import { listEngines } from './cli/engines';
import { dataFolder } from './data-folder';
import { VERSION } from './version';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second time means it.
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  });
}
// Whoever read our output has gone (`… | head`): end as on Ctrl+C.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());

const terminal: Terminal = { out: process.stdout, err: process.stderr, signal: stop.signal };
const program = new Command('framegauge');
const data = (): string => dataFolder(program.opts<{ data?: string }>().data);
/** Runs a command and keeps its exit code. */
const run =
  <A extends unknown[]>(command: (...args: A) => Promise<number>) =>
  async (...args: A): Promise<void> => {
    process.exitCode = await command(...args);
  };

program
  .description('Renders animations of glTF scenes, and tells Prometheus how it goes.')
  .version(VERSION)
  .option('--data <folder>', 'folder of the queue, preferences, add-ons and logs (default: FRAMEGAUGE_DATA, else the platform’s own place)')
  .exitOverride()
  .showHelpAfterError('(“framegauge --help” tells more)');

program
  .command('demo')
  .description('render the example scene with the Prometheus add-on enabled, then serve its metrics')
  .option('--exit', 'end when the last frame is written')
  .option('--output <pattern>', 'where the images go, #### being the frame number (default: Framegauge in your home folder)')
  .action(run((options: { exit?: boolean; output?: string }) => demo(options, program.opts<{ data?: string }>().data ?? null, terminal)));

program
  .command('render')
  .description('render a scene’s animation')
  .argument('<scene>', 'a .glb or .gltf file')
  .option('--frames <range>', 'frames to render, as 1-48 or 1,5,9-12 (default: the whole animation)')
  .option('--size <WxH>', 'size of the images in pixels, as 1280x720')
  .option('--samples <n>', 'samples for each pixel')
  .option('--camera <name>', 'a camera of the scene (default: its first)')
  .option('--fps <n>', 'frames per second')
  .option('--output <pattern>', 'where the images go, #### being the frame number; // at its start is the scene’s folder')
  .option('--overwrite', 'render frames again whose image is there already')
  .option('--workers <n>', 'the most frames at once')
  .option('--json', 'print one JSON object at the end')
  .action(run((scene: string, options: Parameters<typeof render>[1]) => render(scene, options, data(), terminal)));

program
  .command('serve')
  .description('run without a window, with the UI in a browser')
  .option('--host <address>', 'address of the control server', '127.0.0.1')
  .option('--port <n>', 'its port', '7878')
  .action(run((options: { host: string; port: string }) => serve(options, data(), terminal)));

program
  .command('engines')
  .description('list what can render here: the built-in engine, and every Blender that is found')
  .option('--json', 'print JSON')
  .action(run((options: { json?: boolean }) => listEngines(options, data(), terminal)));

const addons = program.command('addons').description('list, enable and disable add-ons');
addons
  .command('list')
  .option('--json', 'print JSON')
  .action(run((options: { json?: boolean }) => listAddons(options, data(), terminal)));
addons
  .command('enable')
  .argument('<id>')
  .action(run((id: string) => switchAddon(id, true, data(), terminal)));
addons
  .command('disable')
  .argument('<id>')
  .action(run((id: string) => switchAddon(id, false, data(), terminal)));

const prefs = program.command('prefs').description('read and change preferences; keys are like addons.prometheus.address');
prefs
  .command('get')
  .argument('[key]', 'a preference (default: all)')
  .option('--json', 'print JSON')
  .action(run((key: string | undefined, options: { json?: boolean }) => getPreferences(key, options, data(), terminal)));
prefs
  .command('set')
  .argument('<key>')
  .argument('<value>')
  .action(run((key: string, value: string) => setPreference(key, value, data(), terminal)));

program
  .command('monitoring')
  .description('the configuration that Prometheus and Grafana need')
  .command('save')
  .description('write it into a folder: scrape configuration, alert rules, a dashboard, and a compose file that starts both')
  .argument('<folder>')
  .action(run((folder: string) => saveMonitoring(folder, data(), terminal)));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version were asked for; everything else is a wrong argument, which commander has explained.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = error instanceof UserError && error.kind === 'arguments' ? 2 : 1;
  }
}
