import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../../../helpers/temporary-folder';

export const MANIFEST = {
  schemaVersion: 1,
  id: 'studio-notes',
  version: '1.2.3',
  name: 'Studio Notes',
  tagline: 'Notes',
  author: 'A studio',
  license: 'MIT',
  category: 'Example',
  api: '^1',
  main: 'main.mjs',
} as const;

/** An add-on's folder as its author has it, deleted with the test. */
export function authorFolder(files: Readonly<Record<string, string>>, manifest: object = {}): string {
  const folder = join(temporaryFolder(), 'studio-notes');
  const all = { 'addon.json': JSON.stringify({ ...MANIFEST, ...manifest }), ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
