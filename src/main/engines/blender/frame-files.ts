import { dirname, isAbsolute, sep } from 'node:path';
import type { BlenderToHost } from '../../../shared/worker-protocol';
import { isBelow } from '../../data/path-below';
import type { RenderedFile, RenderedFrame, RenderRequest } from '../render-engine';
import { type BlendLimits, isWithin } from './blend-access';

type ToldFile = Extract<BlenderToHost, { type: 'rendered' }>['files'][number];

/** Converts a file reported by the driver. */
export function renderedFile(file: ToldFile, { width, height, movedTo }: RenderRequest): RenderedFile {
  if ('file' in file) return { path: file.path, target: { file: movedTo?.(file.file) ?? file.file } };
  if ('previewOf' in file) return { path: file.path, target: { previewOf: file.previewOf } };
  const asWanted = file.width === width && file.height === height;
  return {
    path: file.path,
    target: { view: file.view },
    ...(asWanted ? {} : { size: { width: file.width, height: file.height } }),
  };
}

/** Whether a file was written outside the frame's own folder, or has a target that is not an absolute path. */
export function isStray({ path, target }: RenderedFile, folder: string): boolean {
  return !path.startsWith(folder + sep) || ('file' in target && !isAbsolute(target.file));
}

/**
 * Drops files that the scene must not write, with a warning: outside its own folders and the output's, or inside the
 * host's data folder.
 */
export async function keptWithin(
  rendered: RenderedFrame,
  { folder }: RenderRequest,
  limits: BlendLimits,
): Promise<RenderedFrame> {
  const files: RenderedFile[] = [];
  const warnings = [...rendered.warnings];
  for (const file of rendered.files) {
    const further = 'file' in file.target ? file.target.file : null;
    const allowed = further === null || isBelow(further, dirname(folder)) || (await isWithin(further, limits));
    if (allowed) files.push(file);
    else warnings.push(`The scene asks for the file “${further}”, where it may not write: it was left out.`);
  }
  return { ...rendered, files, warnings };
}
