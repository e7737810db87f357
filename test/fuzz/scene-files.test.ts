import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blenderEngineAt } from '../../src/main/engines/blender/blender-engine';
import type { InstallLocations } from '../../src/main/engines/blender/install-locations';
import type { EngineFactory } from '../../src/main/engines/engine-context';
import { gltfEngine } from '../../src/main/engines/gltf/gltf-engine';
import { blenderScenes } from '../helpers/blender-scenes';
import { blendBytes } from '../helpers/blend-bytes';
import { TURNTABLE } from '../helpers/cli';
import { type ControlHost, startControlHost } from '../helpers/control-host';
import { needs, pathOf } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';
import { type Damage, damaged, damages } from './damage';
import { cases } from './fuzz';

/** Every engine, with Blenders that are looked for in these places only. */
const enginesWith = (places: Partial<InstallLocations>): EngineFactory[] => [gltfEngine, blenderEngineAt(places)];

const noBlender = { platform: 'linux' as const, home: '/nowhere', root: '/nowhere' };

/** Has a host look at a damaged file: it opens, or what is wrong with it is said in one clear sentence. */
async function inspectDamaged(control: ControlHost, path: string, bytes: Buffer): Promise<void> {
  writeFileSync(path, bytes);
  const reply = await control.host.call('scene.inspect', { path });
  if (reply.ok) return;
  const { kind, message } = reply.error;
  if (kind === 'internal' || message.includes('\n') || message.length > 1_000 || !message.includes('damaged')) {
    throw new Error(`${kind}: ${message}`);
  }
}

async function alive(control: ControlHost): Promise<void> {
  expect(await control.host.call('scene.inspect', { path: TURNTABLE })).toMatchObject({ ok: true });
}

describe('a damaged .glb', () => {
  const whole = readFileSync(TURNTABLE);

  it('opens, or is refused in one sentence, whatever is flipped in its first 2 KB', async () => {
    const control = await startControlHost({ engines: enginesWith({ ...noBlender, env: {} }) });
    const path = join(temporaryFolder(), 'damaged.glb');
    await fc.assert(
      fc.asyncProperty(damages(2_048), (damage: Damage) => inspectDamaged(control, path, damaged(whole, damage))),
      cases(400),
    );
    await alive(control);
  });

  it('opens, or is refused in one sentence, whatever lengths its chunks claim', async () => {
    const control = await startControlHost({ engines: enginesWith({ ...noBlender, env: {} }) });
    const path = join(temporaryFolder(), 'damaged.glb');
    const length = fc.oneof(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.constantFrom(
        0,
        1,
        3,
        whole.length,
        whole.length - 20,
        whole.length + 1,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
      ),
    );
    const binAt = 20 + whole.readUInt32LE(12);
    const claims = fc.record({ file: fc.option(length), json: fc.option(length), bin: fc.option(length) });
    await fc.assert(
      fc.asyncProperty(claims, ({ file, json, bin }) => {
        const bytes = Buffer.from(whole);
        if (file !== null) bytes.writeUInt32LE(file, 8);
        if (json !== null) bytes.writeUInt32LE(json, 12);
        if (bin !== null) bytes.writeUInt32LE(bin, binAt);
        return inspectDamaged(control, path, bytes);
      }),
      cases(200),
    );
    await alive(control);
  });
});

describe('a damaged .blend', () => {
  it('opens, or is refused in one sentence, where there is no Blender', async () => {
    const control = await startControlHost({ engines: enginesWith({ ...noBlender, env: {} }) });
    const path = join(temporaryFolder(), 'damaged.blend');
    const forms = [{}, { version: '0500' }, { pointers: 4 as const, bigEndian: true }].map((parts) =>
      blendBytes({ ...parts, thumbnail: { width: 2, height: 2, pixels: new Uint8Array(16).fill(200) } }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...forms), damages(400), (whole, damage) =>
        inspectDamaged(control, path, damaged(whole, damage)),
      ),
      cases(300),
    );
    await alive(control);
  });

  needs.blender('that Blender wrote', () => {
    it('opens, or is refused in one sentence, by the host alone', async () => {
      const whole = readFileSync(join(await blenderScenes(), 'plain.blend'));
      const control = await startControlHost({ engines: enginesWith({ ...noBlender, env: {} }) });
      const path = join(temporaryFolder(), 'damaged.blend');
      await fc.assert(
        fc.asyncProperty(damages(2_048), (damage) => inspectDamaged(control, path, damaged(whole, damage))),
        cases(100),
      );
      await alive(control);
    });

    it('opens, or is refused in one sentence, with a Blender that looks into it', async () => {
      const whole = readFileSync(join(await blenderScenes(), 'plain.blend'));
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'scenes'));
      const control = await startControlHost({
        engines: enginesWith({ ...noBlender, env: { ...process.env, FRAMEGAUGE_BLENDER: pathOf('blender') } }),
      });
      const path = join(folder, 'scenes', 'damaged.blend');
      // Each starts a Blender; some of these bring it down.
      await fc.assert(
        fc.asyncProperty(damages(2_048), (damage) => inspectDamaged(control, path, damaged(whole, damage))),
        cases(4),
      );
      await alive(control);
    });
  });
});
