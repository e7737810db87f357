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

it('shows and logs what the host warns of, however much an add-on tells', () => {
  const entry = install();
  entry.process = {} as AddonProcess;
  for (let count = 0; count < 20; count++) addWarning(entry, `t${count}`, 'told');
  expect(addWarning(entry, 'It is near its limit.', 'host')).toBe(true);
  expect(toAddon(entry).warnings).toEqual([
    'It is near its limit.',
    ...Array.from({ length: 10 }, (_, index) => `t${index}`),
  ]);
  for (let count = 1; count < 10; count++) addWarning(entry, `h${count}`, 'host');
  expect(addWarning(entry, 'One more.', 'host')).toBe(true);
  expect(toAddon(entry).warnings).not.toContain('One more.');
});

it('takes warnings only while it runs, each once, ten at most, and forgets those that are not told again', () => {
  vi.useFakeTimers();
  const entry = install();
  expect(addWarning(entry, 'too early', 'told')).toBe(false);
  entry.process = {} as AddonProcess;
  expect(addWarning(entry, 'w0', 'told')).toBe(true);
  expect(addWarning(entry, 'w0', 'told')).toBe(false);
  for (let count = 1; count < 12; count++) addWarning(entry, `w${count}`, 'told');
  expect(toAddon(entry).warnings).toEqual(Array.from({ length: 10 }, (_, index) => `w${index}`));
  vi.advanceTimersByTime(200_000);
  addWarning(entry, 'w3', 'told');
  vi.advanceTimersByTime(200_000);
  expect(toAddon(entry).warnings).toEqual(['w3']);
});
