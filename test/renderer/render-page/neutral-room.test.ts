import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { FILE, drawRoom } from '../../../scripts/neutral-room.mjs';
import { unpackRoom } from '../../../src/renderer/render-page/unpack-room';
import { environmentOf, needs, pathOf } from '../../helpers/needs';

needs.chromium('the file of the neutral room', () => {
  it('is what three.js draws', async () => {
    const drawn = await drawRoom({
      executablePath: pathOf('chromium'),
      env: environmentOf('chromium'),
      chromiumSandbox: process.getuid?.() !== 0,
    });
    const kept = unpackRoom(gunzipSync(readFileSync(FILE)));
    expect(kept.length).toBe(drawn.length);
    // Of a half float’s 1024 steps between a number and its double: processors may round differently.
    const differences = kept.map((value, at) => Math.abs(value - drawn[at]!));
    expect(differences.reduce((a, b) => Math.max(a, b), 0)).toBeLessThanOrEqual(4);
  });
});
