import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { preferenceValueSchema } from '../../shared/addons';
import { writeFileAtomically } from '../data/write-file-atomically';

/** What the file holds. Unknown keys are kept: a newer version may have written them. */
const preferencesSchema = z.looseObject({
  version: z.literal(1),
  /** By full key, as `render.workers`; only what differs from the default. */
  host: z.record(z.string(), preferenceValueSchema).default({}),
  addons: z
    .record(
      z.string(),
      z.looseObject({
        enabled: z.boolean().default(false),
        preferences: z.record(z.string(), preferenceValueSchema).default({}),
      }),
    )
    .default({}),
});
export type StoredPreferences = z.infer<typeof preferencesSchema>;

/**
 * Numbered steps that bring an older file to the present form: step `n` turns version `n` into `n + 1`. Never change a step that was released; add one.
 */
const migrations: readonly ((old: Record<string, unknown>) => Record<string, unknown>)[] = [
  (old) => ({ ...old, version: 1 }),
];

function migrate(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return content;
  let current = content as Record<string, unknown>;
  const version = (): unknown => current['version'] ?? 0;
  for (
    let at = version();
    typeof at === 'number' && Number.isInteger(at) && at >= 0 && at < migrations.length;
    at = version()
  ) {
    current = migrations[at]!(current);
  }
  return current;
}

/**
 * Reads the preferences. A file that can't be read is set aside under another name, never overwritten.
 *
 * @returns the preferences, and a sentence for the person when the file was set aside
 */
export async function readPreferences(file: string): Promise<{ stored: StoredPreferences; notice: string | null }> {
  const defaults = preferencesSchema.parse({ version: 1 });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { stored: defaults, notice: null };
    throw error;
  }
  let why: string;
  try {
    const content = migrate(JSON.parse(text));
    const parsed = preferencesSchema.safeParse(content);
    if (parsed.success) return { stored: parsed.data, notice: null };
    const version = (content as { version?: unknown } | null)?.version;
    why =
      typeof version === 'number' && version > migrations.length
        ? `it was written by a newer version of Framegauge (form ${version})`
        : z.prettifyError(parsed.error).split('\n')[0]!.replace(/^✖ /u, '');
  } catch (error) {
    why = (error as Error).message;
  }
  const aside = file.replace(/\.json$/, '') + `.set-aside-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`;
  await rename(file, aside);
  return {
    stored: defaults,
    notice: `The preferences could not be read (${why}). They were set aside as ${aside}; the defaults are in use.`,
  };
}

/** Writes the preferences so that a crash at any moment leaves either the old file or the new one. Only its owner may read it: add-ons keep passwords there. */
export function writePreferences(file: string, stored: StoredPreferences): Promise<void> {
  return writeFileAtomically(file, `${JSON.stringify(stored, null, 2)}\n`, 0o600);
}
