import type { EngineInfo } from '../../shared/engines';

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
