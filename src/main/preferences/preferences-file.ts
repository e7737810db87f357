import { rename } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../../shared/user-error';
import { addonPermissionsSchema, preferenceValueSchema } from '../../shared/addons';
import { readRegularFile } from '../data/open-regular-file';
import { writeFileAtomically } from '../data/write-file-atomically';

/** Maximum size in bytes; this program never writes a larger one. */
const MAX_FILE = 16 * 1024 ** 2;

/** The file's content. Unknown keys are preserved: a newer version may have written them. */
const preferencesSchema = z.looseObject({
  version: z.literal(1),
  /** By full key, such as `render.workers`; only values that differ from the default. */
  host: z.record(z.string(), preferenceValueSchema).default({}),
  addons: z
    .record(
      z.string(),
      z.looseObject({
        enabled: z.boolean().default(false),
        preferences: z.record(z.string(), preferenceValueSchema).default({}),
        // Of a newer form it is as if nobody had been asked.
        consented: addonPermissionsSchema.optional().catch(undefined),
        quarantine: z.string().optional().catch(undefined),
      }),
    )
    .default({}),
});
export type StoredPreferences = z.infer<typeof preferencesSchema>;

/** Numbered migrations: step `n` turns version `n` into `n + 1`. Never change a released step; add one. */
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
 * Reads the preferences. An unreadable file is renamed, never overwritten.
 *
 * @returns the preferences, and a sentence for the user if the file was set aside
 */
export async function readPreferences(file: string): Promise<{ stored: StoredPreferences; notice: string | null }> {
  const defaults = preferencesSchema.parse({ version: 1 });
  let text: string;
  try {
    text = (await readRegularFile(file, MAX_FILE)).toString('utf8');
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
    // JSON.parse quotes the file, which may contain anything.
    why = error instanceof SyntaxError ? 'it is not JSON' : messageOf(error);
  }
  const aside = file.replace(/\.json$/, '') + `.set-aside-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`;
  await rename(file, aside);
  return {
    stored: defaults,
    notice: `The preferences could not be read (${why}). They were set aside as ${aside}; the defaults are in use.`,
  };
}

/**
 * Writes the preferences atomically: a crash at any moment leaves either the old or the new file. Readable by its owner
 * only, since add-ons store passwords in it.
 */
export function writePreferences(file: string, stored: StoredPreferences): Promise<void> {
  return writeFileAtomically(file, `${JSON.stringify(stored, null, 2)}\n`, 0o600);
}
