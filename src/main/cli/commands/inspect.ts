import type { Command } from 'commander';
import { typedPath } from '../../scenes/typed-path';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { sceneDetails } from '../describe-scene';
import { layoutOf } from '../table';
import { draw, printJson } from '../terminal';

/** `inspect`: shows what a scene file contains. */
export function addInspectCommand(program: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      program
        .command('inspect')
        .description('show what a scene contains: scenes, cameras, animations, frames, size, engine, warnings')
        .argument('<scene>', 'a .glb, .gltf or .blend file'),
    ),
    'print one JSON object',
  ).action(cli.run((scene: string, options: HostOptions & JsonOption) => inspect(scene, options, cli)));
}

async function inspect(scene: string, options: HostOptions & JsonOption, cli: Cli): Promise<number> {
  const { terminal } = cli;
  const path = cli.target(options).kind === 'remote' ? scene : typedPath(scene, { from: process.cwd() });
  const info = await cli.withHost(options, { passive: true }, (host) => host.call('scene.inspect', { path }));
  const { thumbnail: _, ...facts } = info;
  if (options.json) printJson(terminal, facts);
  else draw(terminal.out, `${sceneDetails(info, layoutOf(terminal.out)).join('\n')}\n`);
  return 0;
}
