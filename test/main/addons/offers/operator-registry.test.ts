import { afterEach, describe, expect, it } from 'vitest';
import { type AddonOffers, createAddonOffers } from '../../../../src/main/addons/offers/addon-offers';
import type { HostEvent } from '../../../../src/shared/host-api';
import type { OperatorRun } from '../../../../src/shared/operators';
import { createConditions } from '../../../helpers/conditions';
import { createFixture, type Fixture, type TestAddon } from '../fixture';

let fixture: Fixture | undefined;
afterEach(() => fixture?.close());

interface World {
  readonly fixture: Fixture;
  readonly offers: AddonOffers;
  readonly told: HostEvent[];
  until(holds: () => boolean): Promise<void>;
}

/** Add-ons in real processes, enabled. */
async function world(addons: Record<string, TestAddon>): Promise<World> {
  const told: HostEvent[] = [];
  const { check, until } = createConditions();
  const offers = createAddonOffers({
    tell(event) {
      told.push(event);
      check();
    },
    hasJob: (id) => id === 1,
  });
  fixture = await createFixture(addons, { offers });
  for (const id of Object.keys(addons)) await fixture.manager.enable(id);
  return { fixture, offers, told, until };
}

const addon = (operators: string): TestAddon => ({ main: `export function register(ctx) {\n${operators}\n}` });

describe('operators of add-ons', () => {
  it('are taken without running their patterns or counting out their frames, however many', async () => {
    const { offers } = await world({
      one: addon(`
        const pattern = '(?:a+)+b';
        for (let i = 0; i < 50; i++)
          ctx.operators.add({
            id: 'act' + i, label: 'Act', run: () => 'Done.',
            parameters: Array.from({ length: 20 }, (_, n) =>
              n % 2
                ? { key: 'p' + n, label: 'P', type: 'string', default: 'a'.repeat(40), pattern }
                : { key: 'p' + n, label: 'P', type: 'frames', default: '1-999990,1000000' },
            ),
          });
      `),
    });
    expect(offers.operators.list()).toHaveLength(50);
    // A person's value is matched, and so is a default that a person leaves as it is.
    expect(() => offers.operators.run('one.act0', {})).toThrow('it must match');
  });

  it('are left out where their texts are too long, each by itself or all together', async () => {
    const { offers, fixture: f } = await world({
      one: addon(`
        const parameters = (count) =>
          Array.from({ length: count }, (_, n) => ({ key: 'p' + n, label: 'P', type: 'string', default: 'x'.repeat(10_000) }));
        ctx.operators.add({ id: 'large', label: 'Large', run: () => 'Done.', parameters: parameters(7) });
        for (let i = 0; i < 20; i++)
          ctx.operators.add({ id: 'act' + i, label: 'Act', run: () => 'Done.', parameters: parameters(6) });
      `),
    });
    await f.logged('one', 'Its operator “large” is left out: its texts have 7');
    await f.logged(
      'one',
      'Its operator “act19” is left out: all its operators together may have texts of 524288 characters.',
    );
    expect(offers.operators.list()).toHaveLength(8);
  });

  it('appear with the add-on’s id, and vanish at once when it is disabled', async () => {
    const {
      offers,
      fixture: f,
      told,
      until,
    } = await world({
      one: addon(`ctx.operators.add({ id: 'act', label: 'Act', run: () => 'Done.' });`),
      two: addon(`ctx.operators.add({ id: 'act', label: 'Act Too', run: () => 'Done.' });`),
    });
    expect(offers.operators.list()).toMatchObject([
      { id: 'one.act', addonId: 'one', addonName: 'Test one', label: 'Act' },
      { id: 'two.act', addonId: 'two', label: 'Act Too' },
    ]);
    const disabling = f.manager.disable('one');
    await until(() => offers.operators.list().length === 1);
    await disabling;
    await until(() => {
      const last = told.findLast((event) => event.type === 'operators');
      return last?.operators.length === 1;
    });
    expect(() => offers.operators.run('one.act', {})).toThrow('There is no operator “one.act”: choose one of two.act.');
  });

  it('run with checked parameters, tell of their progress and end with a result', async () => {
    const { offers, told } = await world({
      one: addon(`ctx.operators.add({
        id: 'act', label: 'Act', parameters: [{ key: 'times', type: 'integer', label: 'Times', default: 2 }],
        run({ parameters, progress }) { progress(0.5, 'half'); return { text: parameters.times + ' times.', data: { times: parameters.times } }; },
      });`),
    });
    expect(() => offers.operators.run('one.act', { times: 'x' })).toThrow('a number is expected');
    const started = offers.operators.run('one.act', { times: '3' });
    expect(started).toMatchObject({ state: 'running', operator: 'one.act', label: 'Act', addonName: 'Test one' });
    expect(await offers.operators.ended(started.run)).toMatchObject({
      state: 'done',
      progress: 0.5,
      text: 'half',
      result: { text: '3 times.', data: { times: 3 } },
      error: null,
    });
    const states = told.flatMap((event) => (event.type === 'operator-run' ? [event.run.state] : []));
    expect([states[0], states.at(-1)]).toEqual(['running', 'done']);
    expect(offers.operators.cancel(started.run).state).toBe('done');
  });

  it('that the add-on offers while it registers run when it has registered', async () => {
    const told = createConditions();
    const offers = createAddonOffers({ tell: told.check, hasJob: () => true });
    fixture = await createFixture(
      {
        slow: {
          main: `import { setTimeout } from 'node:timers/promises';
            export async function register(ctx) {
              let ready = false;
              ctx.operators.add({ id: 'act', label: 'Act', run: () => 'ready: ' + ready });
              await ctx.app.snapshot();
              await setTimeout(300);
              ready = true;
            }`,
        },
      },
      { offers },
    );
    const enabling = fixture.manager.enable('slow');
    await told.until(() => offers.operators.list().length === 1);
    const { run } = offers.operators.run('slow.act', {});
    expect(await offers.operators.ended(run)).toMatchObject({ result: { text: 'ready: true' } });
    await enabling;
  });
});

/** Reports that it runs, then waits until it is cancelled. */
const WAITING = `ctx.operators.add({ id: 'wait', label: 'Wait', run: ({ signal, progress }) => {
  progress(0, 'waiting');
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('left'))));
} });`;

const waiting = (runs: readonly OperatorRun[], count: number): boolean =>
  runs.filter(({ text }) => text === 'waiting').length === count;

describe('runs', () => {
  it('end as cancelled when they are cancelled, and as failed when the add-on is disabled or crashes', async () => {
    const {
      offers,
      fixture: f,
      until,
    } = await world({
      one: addon(`${WAITING} ctx.operators.add({ id: 'crash', label: 'Crash', run: () => process.exit(3) });`),
    });
    const first = offers.operators.run('one.wait', {});
    await until(() => waiting(offers.operators.runs(), 1));
    expect(offers.operators.cancel(first.run).state).toBe('cancelling');
    expect(await offers.operators.ended(first.run)).toMatchObject({ state: 'cancelled', error: null });
    const second = offers.operators.run('one.wait', {});
    offers.operators.run('one.crash', {});
    expect(await offers.operators.ended(second.run)).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/^“Test one” has ended: /),
    });
    await f.until('one', ({ state }) => state === 'running');
    const third = offers.operators.run('one.wait', {});
    await until(() => waiting(offers.operators.runs().slice(-1), 1));
    void f.manager.disable('one');
    expect(await offers.operators.ended(third.run)).toMatchObject({
      state: 'failed',
      error: '“Test one” was disabled.',
    });
  });

  it('are four at once for an add-on at most', async () => {
    const { offers } = await world({ one: addon(WAITING) });
    const started = [1, 2, 3, 4].map(() => offers.operators.run('one.wait', {}));
    expect(() => offers.operators.run('one.wait', {})).toThrow('is running 4 operators already');
    offers.operators.cancel(started[0]!.run);
    await offers.operators.ended(started[0]!.run);
    expect(offers.operators.run('one.wait', {}).state).toBe('running');
  });

  it('that ignore being cancelled end with the process, which is started again', async () => {
    const told: HostEvent[] = [];
    const offers = createAddonOffers({ tell: (event) => told.push(event), hasJob: () => true, cancelDeadline: 100 });
    fixture = await createFixture(
      { stubborn: addon(`ctx.operators.add({ id: 'act', label: 'Act', run: () => new Promise(() => {}) });`) },
      { offers },
    );
    await fixture.manager.enable('stubborn');
    const { run } = offers.operators.run('stubborn.act', {});
    offers.operators.cancel(run);
    expect(await offers.operators.ended(run)).toMatchObject({
      state: 'cancelled',
      error: 'It did not stop within 0.1 s, so its add-on was stopped by force.',
    });
    await fixture.logged('stubborn', 'its operator “Act” did not stop within 0.1 s after it was cancelled');
    await fixture.until('stubborn', ({ state }) => state === 'running');
    expect(offers.operators.list()).toHaveLength(1);
  });

  it('of unknown numbers are refused', async () => {
    const { offers } = await world({});
    expect(() => offers.operators.cancel(7)).toThrow('There is no run 7 of an operator');
    expect(() => offers.operators.ended(7)).toThrow('There is no run 7');
  });
});

describe('a hostile add-on', () => {
  it('gets no more operators than others by sending messages of its own', async () => {
    const { offers, fixture: f } = await world({
      flood: addon(`
        for (let i = 0; i < 60; i++) raw.send({ type: 'operator', operator: { id: 'o' + i, label: 'O', description: '', parameters: [] } });
        raw.send({ type: 'operator', operator: { id: 'bad', label: 'x'.repeat(10000), description: '', parameters: [] } });
        raw.send({ type: 'operator', operator: { id: 'html', label: 'A', html: '<b>', description: '', parameters: [] } });
        raw.send({ type: 'operator', operator: { id: 'nan', label: 'A', description: '', parameters: [{ key: 'a', label: 'A', description: '', type: 'number', default: NaN }] } });
        raw.send({ type: 'operator-ended', run: 1, result: { text: 'mine' }, error: null });
      `),
    });
    expect(offers.operators.list()).toHaveLength(50);
    await f.logged('flood', 'Its operator “o50” is left out: 50 are the most.');
    await f.logged('flood', 'does not follow the protocol');
  });

  it('cannot end or report the runs of another', async () => {
    const { offers, until } = await world({
      one: addon(WAITING),
      other: addon(`ctx.operators.add({ id: 'meddle', label: 'Meddle', run() {
        for (let run = 0; run < 10; run++) {
          if (run !== 2) raw.send({ type: 'operator-ended', run, result: { text: 'mine' }, error: null });
        }
        return 'Meddled.';
      } });`),
    });
    const first = offers.operators.run('one.wait', {});
    await until(() => waiting(offers.operators.runs(), 1));
    const second = offers.operators.run('other.meddle', {});
    expect(await offers.operators.ended(second.run)).toMatchObject({ state: 'done' });
    expect(offers.operators.runs().find(({ run }) => run === first.run)).toMatchObject({ state: 'running' });
    offers.operators.cancel(first.run);
  });
});
