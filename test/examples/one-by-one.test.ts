import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkAddon } from '../../src/main/addons/kit/check-addon';
import { testAddon } from '../../src/main/addons/kit/test-addon';
import { readManifest } from '../../src/main/addons/manifest';
import { BUILT } from '../main/addons/fixture';

const FOLDER = resolve(import.meta.dirname, '../../examples/addons/one-by-one');
const parts = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -'.mjs'.length));

describe('the examples of each part of ctx', () => {
  it('leave none out', () => {
    const types = readFileSync(join(import.meta.dirname, '../../packages/addon/index.d.ts'), 'utf8');
    const [, members] = /^export interface AddonContext \{\n(.*?)^\}/ms.exec(types)!;
    const names = [...members!.matchAll(/^ {2}(?:readonly )?(\w+)[:(<]/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(10);
    // The id is in the one about storage.
    expect(parts.toSorted()).toEqual(names.filter((name) => name !== 'id').sort());
    for (const part of parts) expect(readFileSync(join(FOLDER, `${part}.mjs`), 'utf8')).toContain(`ctx.${part}`);
  });

  it('pass the checks for authors', async () => {
    const { findings } = await checkAddon(FOLDER, '0.1.0');
    expect(findings.filter(({ level }) => level !== 'note')).toEqual([]);
  });

  it.each(parts)('run and leave nothing behind: %s', async (part) => {
    const manifest = { ...(await readManifest(FOLDER, '0.1.0')), main: `${part}.mjs` };
    const { findings } = await testAddon(FOLDER, manifest, { builtFolder: BUILT });
    expect(findings).toEqual([]);
  });
});
