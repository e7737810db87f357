import type { EngineInfo } from '../../shared/engines';

const SOURCES: Readonly<Record<EngineInfo['source'], string>> = {
  'built-in': 'built in',
  preference: 'from the preference blender.path',
  environment: 'from FRAMEGAUGE_BLENDER',
  path: 'on the PATH',
  'usual-place': 'in a standard location',
};

/** One line about an engine. */
export function describeEngine({ name, path, source, problem, default: usual }: EngineInfo): string {
  if (problem !== null) return problem;
  const where = path === null ? SOURCES[source] : `${path}, ${SOURCES[source]}`;
  return `${name} (${where})${usual && source !== 'built-in' ? ', for jobs that name none' : ''}`;
}
