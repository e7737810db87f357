import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Target, startTarget } from './target';

/** Asks what is in a file. @returns the sentence that refuses it, or null where it can be opened */
async function refusal({ url, tokens }: Target, path: string): Promise<string | null> {
  const response = await fetch(`${url}/api/v1/operations/scene.inspect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.control}`, 'content-type': 'application/json' },
    body: JSON.stringify({ path }),
  });
  const reply = (await response.json()) as { ok: boolean; error?: { message: string } };
  return reply.ok ? null : reply.error!.message;
}

const ASSET = '"asset":{"version":"2.0"}';

/**
 * Small for whoever sends them, large for whoever reads them; and what their refusal says, null for a scene that is
 * only odd.
 */
const FILES: Readonly<Record<string, readonly [content: () => string, refused: RegExp | null]>> = {
  'cameras of one name.gltf': [
    () => {
      const cameras = Array.from({ length: 30_000 }, () => ({ name: 'Camera', camera: 0 }));
      return JSON.stringify({
        asset: { version: '2.0' },
        scene: 0,
        scenes: [{ nodes: cameras.map((_, index) => index) }],
        cameras: [{ type: 'perspective', perspective: { yfov: 1, znear: 0.1 } }],
        nodes: cameras,
      });
    },
    null,
  ],
  'empty extras.gltf': [
    () => `{${ASSET},"extras":[${'{},'.repeat(21_000_000)}{}]}`,
    /larger|too (many|much|large)|more than/i,
  ],
  'many children.gltf': [
    () =>
      JSON.stringify({
        asset: { version: '2.0' },
        scene: 0,
        scenes: [{ nodes: [0] }],
        nodes: [
          { children: Array.from({ length: 200_000 }, (_, index) => index + 1) },
          ...Array.from({ length: 200_000 }, () => ({})),
        ],
      }),
    null,
  ],
  'deep.gltf': [() => `{${ASSET},"extras":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`, /deep|nested|within/i],
  'circle.gltf': [
    () => `{${ASSET},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"children":[1]},{"children":[0]}]}`,
    /circle/,
  ],
  'no such camera.gltf': [() => `{${ASSET},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"camera":7}]}`, /camera/],
};

describe.skipIf(process.platform !== 'linux')('a host stands, from files that call themselves scenes,', () => {
  it('many elements, deep ones, circles, and references to nothing', async () => {
    const target = await startTarget();
    const folder = join(target.folder, 'scenes');
    mkdirSync(folder);
    for (const [name, [content]] of Object.entries(FILES)) writeFileSync(join(folder, name), content());
    // The thread that reads scenes, and what it loads, stay for a while.
    await refusal(target, join(folder, 'circle.gltf'));
    await target.withstands(`${Object.keys(FILES).length} files of up to 63 MB`, async () => {
      for (const [name, [, refused]] of Object.entries(FILES)) {
        const sentence = await refusal(target, join(folder, name));
        if (refused === null) expect(sentence, name).toBeNull();
        else expect(sentence, name).toMatch(refused);
      }
    });
  });

  it('pipes and devices', async () => {
    const target = await startTarget();
    const folder = join(target.folder, 'scenes');
    mkdirSync(folder);
    for (const name of ['pipe.gltf', 'pipe.glb', 'pipe.blend', 'texture.png'])
      execFileSync('mkfifo', [join(folder, name)]);
    writeFileSync(join(folder, 'refers.gltf'), `{${ASSET},"images":[{"uri":"texture.png"}]}`);
    await target.withstands('six files that are none', async () => {
      for (const name of ['pipe.gltf', 'pipe.glb', 'pipe.blend'])
        expect(await refusal(target, join(folder, name)), name).toMatch(/no (regular )?file|not a file|is no/);
      expect(await refusal(target, '/dev/zero')).toMatch(/scene ends with/);
      // What is wrong with a texture is told when it is needed: opening must not wait for it.
      await refusal(target, join(folder, 'refers.gltf'));
    });
  });
});
