import { afterEach, expect, it, vi } from 'vitest';
import type { AddonProcess } from '../../../src/main/addons/addon-process';
import {
  addWarning,
  installAddon,
  type InstalledAddon,
  inTurn,
  toAddon,
} from '../../../src/main/addons/installed-addon';
import type { AddonManifest } from '../../../src/shared/addons';

afterEach(() => void vi.useRealTimers());

const manifest = {
  id: 'a',
  name: 'A',
  preferences: [
    { key: 'port', type: 'integer', label: 'Port', description: '', default: 1, min: 1, max: 9 },
    { key: 'word', type: 'secret', label: 'Word', description: '', default: '' },
  ],
} as unknown as AddonManifest;

function install(broken: string | null = null, enabled = true): InstalledAddon {
  const found = { manifest, folder: '/addons/a', bundled: false, broken, previous: null };
  return installAddon(found, { enabled, values: { port: 7, word: 'hidden' } }, undefined);
}

it('is off with what is stored of it, and what is secret is not shown', () => {
  expect(toAddon(install())).toMatchObject({
    enabled: true,
    state: 'off',
    reason: null,
    preferences: { port: 7, word: '••••••' },
    warnings: [],
  });
});

it('is neither enabled nor startable where it is broken', () => {
  expect(toAddon(install('its addon.json is missing'))).toMatchObject({
    enabled: false,
    state: 'failed',
    reason: 'its addon.json is missing',
  });
});

it('carries out operations in the order asked for, also after one that failed', async () => {
  const entry = install();
  const trace: string[] = [];
  const first = inTurn(entry, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    trace.push('first');
    throw new Error('failed');
  });
  const second = inTurn(entry, async () => trace.push('second'));
  await expect(first).rejects.toThrow('failed');
  await second;
  expect(trace).toEqual(['first', 'second']);
});

it('takes warnings only while it runs, each once, ten at most, and forgets those that are not told again', () => {
  vi.useFakeTimers();
  const entry = install();
  expect(addWarning(entry, 'too early')).toBe(false);
  entry.process = {} as AddonProcess;
  expect(addWarning(entry, 'w0')).toBe(true);
  expect(addWarning(entry, 'w0')).toBe(false);
  for (let count = 1; count < 12; count++) addWarning(entry, `w${count}`);
  expect(toAddon(entry).warnings).toEqual(Array.from({ length: 10 }, (_, index) => `w${index}`));
  vi.advanceTimersByTime(200_000);
  addWarning(entry, 'w3');
  vi.advanceTimersByTime(200_000);
  expect(toAddon(entry).warnings).toEqual(['w3']);
});
