import { expect, it } from 'vitest';
import { createStrikes } from '../../../src/main/addons/strikes';
import { createFixture } from './fixture';

it('counts those of the last hour, until they are forgotten', () => {
  let now = 0;
  const strikes = createStrikes(() => now);
  expect(strikes.told()).toBeNull();
  expect(strikes.add('it hung')).toBe(1);
  expect(strikes.told()).toBe(
    'It was stopped once within an hour, the last time because it hung. After 3 times it is in quarantine.',
  );
  now = 1_800_000;
  expect(strikes.add('it flooded')).toBe(2);
  expect(strikes.told()).toContain('stopped 2 times within an hour, the last time because it flooded.');
  now = 3_700_000;
  expect(strikes.add('it hung')).toBe(2);
  strikes.forget();
  expect(strikes.told()).toBeNull();
  expect(strikes.add('it hung')).toBe(1);
});

it('three put an add-on into quarantine, which outlives the host, until a person enables it', async () => {
  const main = `export function register(ctx) {
    ctx.handlers.on('queue_idle', () => { for (;;) raw.send({ type: 'pong', id: 0 }); });
    ctx.status({ level: 'ok', text: 'up' });
  }`;
  const f = await createFixture(
    { floods: { main } },
    { restarts: { pauses: [1, 1, 1, 1, 1] }, deadlines: { answer: 500 } },
  );
  try {
    await f.manager.enable('floods');
    for (let strike = 0; strike < 3; strike++) {
      await f.until('floods', ({ state, status }) => state === 'running' && status?.text === 'up');
      f.emit('queue_idle');
      await f.until('floods', ({ state }) => state !== 'running');
    }
    const { reason } = await f.until('floods', ({ state }) => state === 'failed');
    expect(reason).toMatch(/^It is in quarantine until you enable it: it was stopped 3 times within an hour, the last/);
    expect(f.manager.get('floods').enabled).toBe(false);
    expect(f.stored.get('floods')?.quarantine).toBe(reason);
    expect(await f.manager.enable('floods')).toMatchObject({ state: 'running', enabled: true, reason: null });
    expect(f.stored.get('floods')?.quarantine).toBeUndefined();
  } finally {
    await f.close();
  }
});

it('safe mode starts none that did not come with the program, and forgets nothing', async () => {
  const f = await createFixture(
    { own: { main: 'export function register() {}' } },
    { safeMode: true, stored: { own: { enabled: true, values: {} } } },
  );
  try {
    await f.manager.startEnabled();
    expect(f.manager.get('own')).toMatchObject({
      state: 'off',
      enabled: true,
      reason: expect.stringMatching(/safe mode/),
    });
    await expect(f.manager.enable('own')).rejects.toThrow(/Start it without --safe-mode/);
    expect(f.stored.get('own')).toEqual({ enabled: true, values: {} });
  } finally {
    await f.close();
  }
});
