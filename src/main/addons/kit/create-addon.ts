import { readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from '../../data/make-folder';
import { describe } from '../../data/system-error';
import { addonManifestSchema } from '../../../shared/addons';
import { UserError } from '../../../shared/user-error';

/** Languages that there is a template for. */
export type AddonLanguage = 'javascript' | 'typescript';

export interface CreateOptions {
  /** Folder to make; its last part is the add-on's id. */
  readonly folder: string;
  readonly language: AddonLanguage;
  /** For addon.json. */
  readonly author: string;
}

/** What is replaced in a template, which is itself a working add-on. */
const PLACEHOLDERS = { id: 'my-addon', name: 'My Add-on', prefix: 'my_addon', author: 'Your name' } as const;

/** Files of the templates by path, `javascript/main.mjs`. A name without its dot is a hidden file's. */
const TEMPLATES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>('./template/**/*', { query: '?raw', import: 'default', eager: true, exhaustive: true }),
  ).map(([path, text]) => [path.slice('./template/'.length), text]),
);

/** The API's types, so that an editor knows them without a package. `addons pack` leaves them out. */
const TYPES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>('../../../../packages/addon/*.d.ts', { query: '?raw', import: 'default', eager: true }),
  ).map(([path, text]) => [`types/${basename(path).replace('index', 'framegauge-addon')}`, text]),
);

/**
 * Writes a new add-on that works as it is, with a test.
 *
 * @returns its absolute folder, and the files written, relative to it
 * @throws UserError (`arguments`) when the name is no id; (`failed`) when the folder has something in it, or can't be
 *   written to
 */
export async function createAddon(options: CreateOptions): Promise<{ folder: string; files: string[] }> {
  const folder = resolve(options.folder);
  const id = basename(folder);
  if (!addonManifestSchema.shape.id.safeParse(id).success)
    throw new UserError(
      `“${id}” cannot be the id of an add-on: use small letters, digits and hyphens, and start with a letter.`,
      'arguments',
    );
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UserError(
      `“${folder}” cannot be used (${describe(error)}): name a folder that is empty or not there yet.`,
    );
  });
  if (present.length > 0)
    throw new UserError(`“${folder}” has something in it: name a folder that is empty or not there yet.`);
  const name = id
    .split('-')
    .filter((word) => word !== '')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join(' ');
  const files: string[] = [];
  const write = async (file: string, text: string): Promise<void> => {
    try {
      await makeFolder(dirname(join(folder, file)));
      await writeFile(join(folder, file), text, { flag: 'wx' });
    } catch (error) {
      throw new UserError(`“${folder}” cannot be written to (${describe(error)}): name another folder.`);
    }
    files.push(file);
  };
  for (const [path, text] of Object.entries(TEMPLATES)) {
    if (!path.startsWith(`${options.language}/`)) continue;
    const file = path.slice(options.language.length + 1).replace(/^gitignore$/, '.gitignore');
    const filled = text
      .replaceAll(PLACEHOLDERS.id, id)
      .replaceAll(PLACEHOLDERS.name, name)
      .replaceAll(PLACEHOLDERS.prefix, id.replaceAll('-', '_'))
      // The only place is a string in JSON.
      .replaceAll(PLACEHOLDERS.author, JSON.stringify(options.author).slice(1, -1));
    await write(file, filled);
  }
  for (const [file, text] of Object.entries(TYPES)) await write(file, text);
  return { folder, files: files.sort() };
}
