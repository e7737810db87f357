import type { Command } from 'commander';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import { describeEngine } from '../engines';
import { printJson } from '../terminal';

/** `engines`: lists the engines. */
export function addEnginesCommand(program: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      program.command('engines').description('list render engines: the built-in one and every Blender found'),
    ),
    'print an array of engines',
  ).action(cli.run((options: HostOptions & JsonOption) => listEngines(options, cli)));
}

/** Lists the engines, one line each: id, name, path, and whether it works. */
async function listEngines(options: HostOptions & JsonOption, { terminal, withHost }: Cli): Promise<number> {
  const engines = await withHost(options, { passive: true }, (host) => host.call('engines.list', { refresh: true }));
  if (options.json) {
    printJson(terminal, engines);
    return 0;
  }
  const width = Math.max(...engines.map(({ id }) => id.length));
  for (const engine of engines)
    terminal.out.write(
      `${engine.problem === null ? '[works]' : '[fails]'} ${engine.id.padEnd(width)}  ${describeEngine(engine)}\n`,
    );
  for (const { warning } of engines) if (warning != null) terminal.err.write(`${warning}\n`);
  if (!engines.some(({ source, problem }) => source !== 'built-in' && problem === null))
    terminal.out.write('No Blender that works was found: .blend files can be opened but not rendered.\n');
  return 0;
}
