import type { EngineInfo } from '../../shared/engines';
import type { Terminal } from './commands';
import { withHost } from './environment';

/** Lists what can render here, one line each: id, name, where it is, and whether it works. */
export async function listEngines(options: { json?: boolean }, dataFolder: string, terminal: Terminal): Promise<number> {
  const engines = await withHost(dataFolder, 'passive', (host) => host.call('engines.list', { refresh: true }));
  if (options.json) {
    terminal.out.write(`${JSON.stringify(engines)}\n`);
    return 0;
  }
  const width = Math.max(...engines.map(({ id }) => id.length));
  for (const engine of engines) terminal.out.write(`${engine.problem === null ? '[works]' : '[fails]'} ${engine.id.padEnd(width)}  ${describeEngine(engine)}\n`);
  if (!engines.some(({ engine, problem }) => engine === 'blender' && problem === null)) terminal.out.write('No Blender that works was found: .blend files can be opened but not rendered.\n');
  return 0;
}

const SOURCES: Readonly<Record<EngineInfo['source'], string>> = {
  'built-in': 'built in',
  preference: 'from the preference blender.path',
  environment: 'from FRAMEGAUGE_BLENDER',
  path: 'on the PATH',
  'usual-place': 'in a usual place',
};

/** One line on an engine. */
export function describeEngine({ name, path, source, problem, default: usual, engine }: EngineInfo): string {
  if (problem !== null) return problem;
  const where = path === null ? SOURCES[source] : `${path}, ${SOURCES[source]}`;
  return `${name} (${where})${usual && engine === 'blender' ? ', for jobs that name none' : ''}`;
}
