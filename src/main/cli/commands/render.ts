import type { Command } from 'commander';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { counted, jobLine } from '../describe-job';
import { isWhole, renderJob } from '../follow-job';
import { withJobOptions } from '../job-options';
import { createProgressView } from '../progress';
import { type RenderOptions, jobRequestOf } from '../render-options';
import { report } from '../report';
import { printJson } from '../terminal';

const PATHS = `
Paths are those of the machine whose host renders: with --host, write the scene and the output as that machine knows them.`;

/** `render` and `submit`: what makes jobs. */
export function addRenderCommands(program: Command, cli: Cli): void {
  const render = program
    .command('render')
    .description('render a scene and wait for it')
    .argument('<scene>', 'a .glb, .gltf or .blend file');
  withJsonOption(withHostOptions(withJobOptions(render, 'new')), 'print one JSON object at the end')
    .addHelpText(
      'after',
      `${PATHS}
Ctrl+C cancels the job and keeps the images that are done. The exit code is 0 only when every frame asked for is there.

Examples:
  framegauge render shot.blend --frames 1-48 --workers 2
  framegauge render scene.glb --size 1280x720 --output //frames/shot_####.png --json`,
    )
    .action(
      cli.run((scene: string, options: RenderOptions & HostOptions & JsonOption) => renderScene(scene, options, cli)),
    );

  const submit = program
    .command('submit')
    .description('queue scenes and return at once')
    .argument('<scene...>', '.glb, .gltf or .blend files, a job each');
  withJsonOption(withHostOptions(withJobOptions(submit, 'new')), 'print each job as a line of JSON')
    .addHelpText(
      'after',
      `${PATHS}
Without a running host the jobs are stored, and rendered as soon as one runs (“framegauge serve”, or the app).

Examples:
  framegauge submit shots/*.blend --output //frames/
  framegauge submit comp.blend --after 3,4 --priority 10
  framegauge submit night.blend --start-at 22:00`,
    )
    .action(
      cli.run((scenes: string[], options: RenderOptions & HostOptions & JsonOption) =>
        submitScenes(scenes, options, cli),
      ),
    );
}

/** @returns the exit code: 0 only if every frame asked for is there */
async function renderScene(
  scene: string,
  options: RenderOptions & HostOptions & JsonOption,
  cli: Cli,
): Promise<number> {
  const { terminal } = cli;
  const request = jobRequestOf(scene, options, cli.target(options).kind === 'remote');
  const outcome = await cli.withHost(options, 'active', async (host, own) => {
    // A host of our own opens the scene, so that add-ons see it loaded; one that runs keeps the scene that its user has open. Its worker may start meanwhile; what is wrong with
    // the scene is told to the job.
    if (own) host.call('scene.open', { path: request.scene }).catch(() => undefined);
    return renderJob(host, request, createProgressView(options.json ? terminal.err : terminal.out), terminal.signal);
  });
  report(outcome, options.json === true, terminal);
  return isWhole(outcome) ? 0 : 1;
}

async function submitScenes(
  scenes: readonly string[],
  options: RenderOptions & HostOptions & JsonOption,
  cli: Cli,
): Promise<number> {
  const { terminal } = cli;
  const remote = cli.target(options).kind === 'remote';
  const requests = scenes.map((scene) => jobRequestOf(scene, options, remote));
  return cli.withHost(options, 'passive', async (host, own) => {
    for (const request of requests) {
      if (terminal.signal.aborted) return 1;
      const job = await host.call('job.submit', request);
      if (options.json) printJson(terminal, job);
      else {
        terminal.out.write(`${jobLine(job)}\n`);
        terminal.out.write(
          `  ${counted(job.frames.total, 'frame')} (${job.settings.frames}) to ${job.settings.output}\n`,
        );
        for (const warning of job.warnings) terminal.err.write(`  ${warning}\n`);
      }
    }
    if (own)
      terminal.err.write(
        'No host runs on this data folder: the queue begins as soon as one does (“framegauge serve”, or the app).\n',
      );
    return 0;
  });
}
