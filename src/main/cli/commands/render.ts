import type { Command } from 'commander';
import { messageOf } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { jobLine, outputLine } from '../describe-job';
import { planDetails } from '../describe-plan';
import { addedFailure } from '../exit-code';
import { isWhole, renderJob } from '../follow-job';
import { withJobOptions } from '../job-options';
import { createProgressView } from '../progress';
import type { RenderOptions } from '../render-options';
import { report } from '../report';
import { layoutOf, printable } from '../table';
import { draw, printJson } from '../terminal';

const PATHS = `
Paths are resolved on the machine that renders: with --host, give scene and output as that machine sees them.`;

/** `render` and `submit`: create jobs. */
export function addRenderCommands(program: Command, cli: Cli): void {
  const render = program
    .command('render')
    .description('render a scene and wait for it')
    .argument('<scene>', 'a .glb, .gltf or .blend file');
  withJsonOption(withHostOptions(withJobOptions(render, 'new')), 'print one JSON object at the end')
    .option('--dry-run', 'only show what would be rendered, where to, and what is in the way')
    .addHelpText(
      'after',
      `${PATHS}
Ctrl+C cancels the job and keeps finished images. The exit code is 0 only if every requested frame is there.

Examples:
  framegauge render shot.blend --frames 1-48 --workers 2
  framegauge render scene.glb --size 1280x720 --output //frames/shot_####.png --json`,
    )
    .action(
      cli.run(
        (scene: string, { dryRun, ...options }: { dryRun?: boolean } & RenderOptions & HostOptions & JsonOption) =>
          dryRun ? showPlan(scene, options, cli) : renderScene(scene, options, cli),
      ),
    );

  const submit = program
    .command('submit')
    .description('queue scenes and return immediately')
    .argument('<scene...>', '.glb, .gltf or .blend files, a job each');
  withJsonOption(withHostOptions(withJobOptions(submit, 'new')), 'print each job as a line of JSON')
    .addHelpText(
      'after',
      `${PATHS}
Without a running host, jobs are stored and rendered once one starts (“framegauge serve”, or the app).

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

/** @returns the exit code: 0 only if every requested frame was rendered */
async function renderScene(
  scene: string,
  options: RenderOptions & HostOptions & JsonOption,
  cli: Cli,
): Promise<number> {
  const { terminal } = cli;
  const { jobRequestOf } = await import('../render-options');
  const request = jobRequestOf(scene, options, cli.target(options).kind === 'remote');
  const outcome = await cli.withHost(options, { nextJob: request }, async (host, own) => {
    // A host started for this command opens the scene, so that add-ons see it loaded; a running one keeps its user's
    // scene open. The worker may start meanwhile; an error in the scene is reported by the job.
    if (own) host.call('scene.open', { path: request.scene }).catch(() => undefined);
    const rendered = await renderJob(
      host,
      request,
      createProgressView(options.json ? terminal.err : terminal.out),
      terminal.signal,
    );
    // Nobody else would see the notices of this command's own host.
    if (own) for (const notice of (await host.call('host.state', {})).notices) terminal.err.write(`${notice.text}\n`);
    return rendered;
  });
  report(outcome, options.json === true, terminal);
  return isWhole(outcome) ? 0 : 1;
}

/** @returns the exit code: 1 where existing images are in the way */
async function showPlan(scene: string, options: RenderOptions & HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const { jobRequestOf } = await import('../render-options');
  const request = jobRequestOf(scene, options, cli.target(options).kind === 'remote');
  const plan = await cli.withHost(options, { passive: true }, (host) => host.call('job.plan', request));
  if (options.json) printJson(terminal, plan);
  else draw(terminal.out, `${planDetails(plan, layoutOf(terminal.out)).join('\n')}\n`);
  return plan.conflict === null ? 0 : 1;
}

/**
 * Queues scenes, one after another. One that is refused doesn't stop the rest.
 *
 * @returns the exit code: 0 only if every scene was queued
 */
async function submitScenes(
  scenes: readonly string[],
  options: RenderOptions & HostOptions & JsonOption,
  cli: Cli,
): Promise<number> {
  const { terminal } = cli;
  const remote = cli.target(options).kind === 'remote';
  const { jobRequestOf } = await import('../render-options');
  const requests = scenes.map((scene) => ({ scene, request: jobRequestOf(scene, options, remote) }));
  return cli.withHost(options, { passive: true }, async (host, own) => {
    let code: 0 | 1 | 2 = 0;
    let queued = 0;
    for (const { scene, request } of requests) {
      if (terminal.signal.aborted) return 1;
      try {
        const job = await host.call('job.submit', request);
        queued++;
        if (options.json) printJson(terminal, job);
        else {
          terminal.out.write(`${jobLine(job, 'without-warnings')}\n`);
          terminal.out.write(`${outputLine(job)}\n`);
          for (const warning of job.warnings) terminal.err.write(`  ${warning}\n`);
        }
      } catch (error) {
        code = addedFailure(code, error);
        terminal.err.write(`${scenes.length > 1 ? `${printable(scene)}: ` : ''}${messageOf(error)}\n`);
      }
    }
    if (own && queued > 0)
      terminal.err.write(
        'No host runs on this data folder: the queue begins as soon as one does (“framegauge serve”, or the app).\n',
      );
    return code;
  });
}
