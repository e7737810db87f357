import { extname, join } from 'node:path';
import type { AddonContext, JobRequest } from '../api/context';

/** The request for a scene, as the preferences describe jobs. */
export function requestFor(
  folder: string,
  name: string,
  { get }: Pick<AddonContext['preferences'], 'get'>,
): JobRequest {
  const text = (key: string): string => get<string>(key).trim();
  const number = (key: string): number => get<number>(key);
  const format = text('format');
  const existing = text('existing');
  return {
    scene: join(folder, name),
    ...(text('frames') === '' ? {} : { frames: text('frames') }),
    ...(number('width') === 0 ? {} : { width: number('width') }),
    ...(number('height') === 0 ? {} : { height: number('height') }),
    ...(number('percentage') < 1 ? {} : { percentage: number('percentage') }),
    ...(number('samples') === 0 ? {} : { samples: number('samples') }),
    ...(text('camera') === '' ? {} : { camera: text('camera') }),
    ...(format === 'scene' ? {} : { format: format as NonNullable<JobRequest['format']> }),
    ...(text('output') === '' ? {} : { output: text('output').replaceAll('{scene}', () => safeName(name)) }),
    ...(existing === 'new-version' ? { newVersion: true } : {}),
    ...(existing === 'keep' ? { keepExisting: true } : {}),
    ...(existing === 'overwrite' ? { overwrite: true } : {}),
    priority: number('priority'),
  };
}

/**
 * A scene's name as a part of an output path: without its extension, and without characters that mean something there or
 * that some system refuses.
 */
export function safeName(name: string): string {
  const safe = name
    .slice(0, name.length - extname(name).length)
    .replace(/[\p{Cc}#/\\:*?"<>|]/gu, '_')
    .replace(/^\.+|[. ]+$/g, '_');
  return safe === '' ? '_' : safe;
}
