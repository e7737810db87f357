import { expect, it } from 'vitest';
import { startRefusal, type StartCandidate } from '../../../src/main/addons/start-refusal';
import type { AddonManifest, AddonPermissions } from '../../../src/shared/addons';
import { createFixture } from './fixture';

const candidate = (permissions: AddonPermissions, more: Partial<StartCandidate> = {}): StartCandidate => ({
  manifest: { permissions } as AddonManifest,
  bundled: false,
  consented: {},
  quarantine: null,
  ...more,
});

it('is none for what a person has agreed to, and for less', () => {
  expect(startRefusal(candidate({}))).toBeNull();
  expect(startRefusal(candidate({}, { consented: { network: 'x' } }))).toBeNull();
  expect(startRefusal(candidate({ network: 'said differently' }, { consented: { network: 'x' } }))).toBeNull();
});

it('names what is new, with the add-on’s reason', () => {
  expect(
    startRefusal(candidate({ network: 'It posts.', processes: 'It runs.' }, { consented: { network: 'x' } })),
  ).toBe(
    'It asks for more than you agreed to when you enabled it: processes (“It runs.”). It was not started; enable it to agree.',
  );
  const files = (write: string[]): AddonPermissions => ({ files: { reason: 'It writes.', read: [], write } });
  expect(startRefusal(candidate(files(['a', 'b']), { consented: files(['a']) }))).toContain(
    'files.write.b (“It writes.”)',
  );
});

it('is none for one that comes with the program, and where nobody stored what was agreed to', () => {
  expect(startRefusal(candidate({ network: 'x' }, { bundled: true }))).toBeNull();
  expect(startRefusal(candidate({ network: 'x' }, { consented: null }))).toBeNull();
});

it('is the quarantine, whatever it asks for', () => {
  expect(startRefusal(candidate({}, { quarantine: 'It was bad.' }))).toBe('It was bad.');
});

it('keeps an add-on off whose addon.json asks for more than before, until it is enabled', async () => {
  const f = await createFixture(
    { grown: { main: 'export function register() {}', manifest: { permissions: { network: 'It posts.' } } } },
    { stored: { grown: { enabled: true, values: {}, consented: {} } } },
  );
  try {
    await f.manager.startEnabled();
    expect(f.manager.get('grown')).toMatchObject({
      state: 'off',
      enabled: false,
      reason: expect.stringContaining('network (“It posts.”)'),
    });
    expect(await f.manager.enable('grown')).toMatchObject({ state: 'running', enabled: true, reason: null });
    expect(f.stored.get('grown')).toMatchObject({ enabled: true, consented: { network: 'It posts.' } });
  } finally {
    await f.close();
  }
});
