import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BlendFacts } from '../../../../src/main/engines/blender/blend-facts';
import { portableBlend, sameBlender } from '../../../../src/main/engines/blender/portable-blend';
import { NotPortableError } from '../../../../src/main/engines/render-engine';
import { temporaryFolder } from '../../../helpers/temporary-folder';

type Needed = BlendFacts['needed'][number];

function makeScene(files: readonly string[]): {
  readonly folder: string;
  filesOf(needed: readonly Partial<Needed>[]): Promise<string[]>;
} {
  const folder = temporaryFolder();
  for (const name of ['a.blend', ...files]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  return {
    folder,
    async filesOf(needed) {
      const all = needed.map((one) => ({ path: '', form: 'file', library: false, relative: true, ...one }) as Needed);
      const facts = { activeScene: 'Shot', scenes: [], needed: all, allNeeded: true } as unknown as BlendFacts;
      const { files } = await portableBlend(join(folder, 'a.blend'), facts, '4.2.1');
      return files.map(({ path }) => path.slice(folder.length + 1));
    },
  };
}

describe('a .blend for another machine', () => {
  it('has all files of its sequences and caches, and none that are missing', async () => {
    const { folder, filesOf } = makeScene([
      'sky.0001.exr',
      'sky.0002.exr',
      'skyline.0001.exr',
      'cache/config/a.uni',
      'cache/data/b.vdb',
    ]);
    symlinkSync(join(folder, 'cache/config'), join(folder, 'cache/linked'));
    expect(
      (
        await filesOf([
          { path: join(folder, 'sky.0001.exr'), form: 'sequence' },
          { path: join(folder, 'cache'), form: 'folder' },
          { path: join(folder, 'gone.png') },
          { path: join(folder, 'cache/data/b.vdb') },
        ])
      ).sort(),
    ).toEqual([
      'a.blend',
      'cache/config/a.uni',
      'cache/data/b.vdb',
      'cache/linked/a.uni',
      'sky.0001.exr',
      'sky.0002.exr',
    ]);
  });

  it.each([
    [{ form: 'computed', path: 'what an OSL script reads' }, /known only when it is rendered/],
    [{ path: 'wood.png' }, /reads “wood\.png”/],
  ] as const)('is refused with %j', async (needed, sentence) => {
    const { filesOf } = makeScene([]);
    const refused = filesOf([needed]);
    await expect(refused).rejects.toThrow(NotPortableError);
    await expect(refused).rejects.toThrow(sentence);
  });

  it('tells the first path from the top of the disk', async () => {
    const { folder } = makeScene(['wood.png']);
    const needed: Needed[] = [
      { path: join(folder, 'wood.png'), form: 'file', library: false, relative: true },
      { path: '/textures/wood.png', form: 'file', library: false, relative: false },
    ];
    const facts = { activeScene: 'Shot', scenes: [], needed, allNeeded: true } as unknown as BlendFacts;
    const { fixed } = await portableBlend(join(folder, 'a.blend'), facts, '4.2.1');
    expect(fixed?.paths).toEqual(['/textures/wood.png']);
    expect(fixed?.problem).toMatch(/“a\.blend” reads “\/textures\/wood\.png”.*make the paths relative/);
  });

  it('is refused with a cache among other files', async () => {
    const { folder, filesOf } = makeScene([]);
    await expect(filesOf([{ path: folder, form: 'folder' }])).rejects.toThrow(/give it a folder of its own/);
  });
});

it.each([
  ['4.2.1', ['4.2.0', '4.2.1', '4.3.0'], '4.2.1'],
  ['4.2.1', ['4.3.0', '4.2.9'], '4.2.9'],
  ['4.2.1', ['4.20.1', '3.6.0', '4.1.1', null], null],
  ['4.2.1', [], null],
  [null, ['4.2.1'], null],
])('instead of Blender %s, of %j: %s', (program, versions, expected) => {
  const found = sameBlender(
    program,
    versions.map((version, index) => ({ id: `blender-${index}`, version })),
  );
  expect(found?.version ?? null).toBe(expected);
});
