import { createHash } from 'node:crypto';
import type { JobSettings } from '../../../shared/jobs';
import { PICTURE_SETTINGS } from '../../../shared/picture-settings';
import type { EngineId } from '../../../shared/scene';
import type { RenderEngine, SourceFile } from '../../engines/render-engine';
import { VERSION } from '../../version';
import { stampOf } from './output-stamps';

/** What a job's images are rendered from, at the time of reading. */
export interface Content {
  /**
   * Equal for two jobs only if they render the same images: a hash of the settings and the program, a dot, and a hash
   * of the source files.
   */
  readonly fingerprint: string;
  readonly sources: readonly SourceFile[];
  /** False where some files could not be read: the fingerprint is meaningless then. */
  readonly whole: boolean;
}

/**
 * Reads the current state of everything a job's images depend on. Never rejects: errors in a scene's references are
 * reported by the render.
 *
 * @param engine that renders it; null if it isn't available
 */
export async function contentOf(
  engineId: EngineId,
  engine: RenderEngine | null,
  settings: JobSettings,
): Promise<Content> {
  const program = engine?.programOf ? await engine.programOf(settings).catch(() => null) : VERSION;
  const seen = engine?.sources ? await engine.sources(settings).catch(() => null) : [await fileItself(settings.scene)];
  const sources = seen ?? [await fileItself(settings.scene)];
  return {
    fingerprint: fingerprintOf(engineId, program ?? VERSION, settings, sources),
    sources,
    whole: program !== null && seen !== null,
  };
}

/** @param program name and version of the renderer */
export function fingerprintOf(
  engine: EngineId,
  program: string,
  settings: JobSettings,
  sources: readonly SourceFile[],
): string {
  const wanted = PICTURE_SETTINGS.map((key) => settings[key]);
  return `${hash([engine, program, ...wanted])}.${hash(sources.map(({ path, bytes, modifiedAt }) => [path, bytes, modifiedAt]))}`;
}

/** Whether two fingerprints have the same settings, regardless of source files. */
export function sameSettings(a: string, b: string): boolean {
  return a.split('.')[0] === b.split('.')[0];
}

/** Whether the content differs. Where one could not be read, as while it is being saved, that of the scene's own file. */
export function differs(a: Content, b: Content): boolean {
  if (a.whole && b.whole) return a.fingerprint !== b.fingerprint;
  const [one, other] = [a.sources[0], b.sources[0]];
  // Engines may know the time with other rounding.
  return one?.bytes !== other?.bytes || Math.abs((one?.modifiedAt ?? 0) - (other?.modifiedAt ?? 0)) >= 1;
}

/** Name of a file that was changed, removed or added; null for none. */
export function changedSource(before: readonly SourceFile[], now: readonly SourceFile[]): string | null {
  const known = new Map(before.map((file) => [file.path, file]));
  for (const file of now) {
    const other = known.get(file.path);
    if (other?.bytes !== file.bytes || other.modifiedAt !== file.modifiedAt) return file.path;
    known.delete(file.path);
  }
  return [...known.keys()][0] ?? null;
}

async function fileItself(path: string): Promise<SourceFile> {
  const stamp = await stampOf(path);
  return { path, bytes: stamp?.bytes ?? null, modifiedAt: stamp?.modifiedAt ?? null };
}

/** 96 bits: accidental collisions are negligible. */
function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
