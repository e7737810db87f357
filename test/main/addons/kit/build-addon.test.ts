import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildAddon } from '../../../../src/main/addons/kit/build-addon';
import { authorFolder } from './author-folder';

const SOURCE = `import { type Name, greet } from './lib/greet.ts';
export * from './lib/greet.js';
export async function register(ctx: { log: unknown }): Promise<void> {
  const { greet: again } = await import('./lib/greet.ts');
  console.log(greet('you' satisfies Name), again, "./lib/greet.ts");
}
`;

describe('building an add-on', () => {
  it('strips the types and names modules by what they become, line by line', async () => {
    const folder = authorFolder({
      'src/main.ts': SOURCE,
      'src/lib/greet.ts': 'export type Name = string;\nexport const greet = (name: Name): string => name;\n',
      'src/globals.d.ts': 'declare const x: number;\n',
      'src/part.mts': 'export const part: number = 1;\n',
    });
    const manifest = { main: 'dist/main.js' };
    expect(await buildAddon(folder, manifest)).toEqual(['dist/lib/greet.js', 'dist/main.js', 'dist/part.mjs']);
    const lines = readFileSync(join(folder, 'dist/main.js'), 'utf8').split('\n');
    expect(lines).toHaveLength(SOURCE.split('\n').length);
    expect(lines[0]).toMatch(/^import { +greet } from "\.\/lib\/greet\.js";$/);
    expect(lines[3]).toContain('import("./lib/greet.js")');
    // A string that is no import stays.
    expect(lines[4]).toContain('"./lib/greet.ts"');
    expect(await buildAddon(folder, manifest), 'nothing has changed').toEqual([]);
  });

  it('names the place of what cannot be stripped', async () => {
    const folder = authorFolder({ 'src/main.ts': 'export const a = 1;\nenum Colour { Red }\n' });
    await expect(buildAddon(folder, { main: 'dist/main.js' })).rejects.toThrow(/^src\/main\.ts:2:1 .*enum/);
  });

  it.each([
    ['JavaScript', { 'main.mjs': '' }, 'main.mjs'],
    ['a main module elsewhere', { 'src/main.ts': '', 'main.mjs': '' }, 'main.mjs'],
    ['a main module without a source', { 'src/other.ts': '', 'dist/main.js': '' }, 'dist/main.js'],
    [
      'a build of its own',
      { 'src/main.ts': 'enum X {}', 'package.json': '{"scripts": {"build": "vite build"}}' },
      'dist/main.js',
    ],
  ])('leaves %s alone', async (_what, files, main) => {
    expect(await buildAddon(authorFolder(files), { main })).toBeNull();
  });
});
