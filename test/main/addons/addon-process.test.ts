import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ADDON_DEADLINES } from '../../../src/main/addons/addon-deadlines';
import { type AddonProcess, type AddonProcessOptions, startAddonProcess } from '../../../src/main/addons/addon-process';
import type { AddonStatus } from '../../../src/shared/addons';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';
import { withRawChannel } from '../../helpers/raw-channel';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { BUILT } from './fixture';

/** An add-on in a real process of its own, ended with the test. */
function start(main: string, given: Partial<AddonProcessOptions> = {}): { addon: AddonProcess; lines: string[] } {
  const folder = join(temporaryFolder(), 'addon');
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.mjs'), withRawChannel(main));
  const lines: string[] = [];
  const addon = startAddonProcess({
    memoryLimit: 512,
    storageLimit: 64,
    addonId: 'tested',
    bundled: false,
    bootstrap: join(BUILT, 'bootstrap.js'),
    main: join(folder, 'main.mjs'),
    folder,
    storage: folder,
    granted: { network: true, processes: true },
    command: { program: process.execPath, arguments: [], env: {} },
    preferences: {},
    deadlines: ADDON_DEADLINES,
    onStatus: () => undefined,
    onLog: ({ text }) => lines.push(text),
    onWarning: (text) => lines.push(text),
    onHandlerError: () => undefined,
    onLeftOut: () => undefined,
    onHandlerTime: () => undefined,
    onOffer: () => undefined,
    answer: ({ what }) =>
      what === 'snapshot' ? EMPTY_SNAPSHOT : Promise.resolve({ families: [], addons: [], snapshot: EMPTY_SNAPSHOT }),
    ...given,
  });
  onTestFinished(async () => void (await addon.stop()));
  return { addon, lines };
}

describe('an add-on’s process', () => {
  it('registers, and ends cleanly when it is asked to', async () => {
    const { addon, lines } = start(
      `export const register = () => console.log('here'); export const unregister = () => console.log('gone');`,
    );
    await addon.registered;
    expect(await addon.stop()).toMatchObject({ reason: null });
    expect(lines).toEqual(['here', 'gone']);
  });

  it('says why it could not register, and is gone then', async () => {
    const { addon } = start(`export function register() { throw new Error('no port left'); }`);
    await expect(addon.registered).rejects.toThrow('no port left');
    expect(await addon.ended).toMatchObject({ reason: 'no port left' });
  });

  it('gets every answer, however fast it asks for one after another', async () => {
    const { addon, lines } = start(`
      export async function register(ctx) {
        for (let asked = 0; asked < 1_500; asked++) await ctx.metrics.collect();
        console.log('answered');
      }
    `);
    await addon.registered;
    // On a slow machine it is told that it asks much, and is slowed.
    expect(lines.filter((line) => !line.startsWith('Its questions take more than'))).toEqual(['answered']);
  });

  it('gets every answer at once that it asks for, where it is bundled', async () => {
    const { addon, lines } = start(
      `export async function register(ctx) {
        await Promise.all(Array.from({ length: 1_500 }, () => ctx.metrics.collect()));
        console.log('answered');
      }`,
      { bundled: true },
    );
    await addon.registered;
    expect(lines).toEqual(['answered']);
  });

  it('tells with which code it ended by itself', async () => {
    const { addon } = start(`export const register = () => setImmediate(() => process.exit(3));`);
    expect(await addon.ended).toMatchObject({ reason: 'its process ended by itself with exit code 3' });
  });

  it('applies preferences before the call settles, and tells a status at once that is of another level', async () => {
    const statuses: (AddonStatus | null)[] = [];
    const { addon } = start(
      `export function register(ctx) {
        ctx.preferences.onChange('word', (word) => ctx.status({ level: word === 'bad' ? 'error' : 'ok', text: word }));
      }`,
      { preferences: { word: 'first' }, onStatus: (status) => statuses.push(status) },
    );
    await addon.registered;
    await addon.applyPreferences({ word: 'good' }, ['word']);
    await addon.applyPreferences({ word: 'better' }, ['word']);
    await addon.applyPreferences({ word: 'bad' }, ['word']);
    expect(statuses.map((status) => `${status!.level} ${status!.text}`)).toEqual(['ok good', 'ok better', 'error bad']);
  });

  it('is asked for its metrics once, however many want them meanwhile', async () => {
    const { addon } = start(
      `export function register(ctx) { ctx.metrics.counter({ name: 'asked_total', help: 'Asked.' }).inc(); }`,
    );
    await addon.registered;
    const [first, second] = [addon.metrics(), addon.metrics()];
    expect(second).toBe(first);
    expect(Buffer.from((await first)!).toString('latin1')).toContain('asked_total');
  });

  it('never counts more handler time than there was', async () => {
    let told = 0;
    const { addon } = start(`export function register() { raw.send({ type: 'handler-time', seconds: 1e9 }); }`, {
      onHandlerTime: (seconds) => (told += seconds),
    });
    const began = performance.now();
    await addon.registered;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan((performance.now() - began) / 1000 + 5);
  });
});
