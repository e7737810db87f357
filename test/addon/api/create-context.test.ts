import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createContext, type LiveContext } from '../../../src/addon/api/create-context';
import { createDisposalStack, type DisposalStack } from '../../../src/addon/api/disposal-stack';
import { createHandlerList } from '../../../src/addon/api/event-handlers';
import { createHostRequests, type HostRequests } from '../../../src/addon/api/host-requests';
import type { AddonToHost } from '../../../src/shared/addon-protocol';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Made {
  readonly live: LiveContext;
  readonly sent: AddonToHost[];
  readonly logged: string[];
  readonly disposals: DisposalStack;
  readonly requests: HostRequests;
  readonly aborter: AbortController;
}

/** A context of real parts; the test is the host. */
function make(preferences: Record<string, string> = {}): Made {
  const sent: AddonToHost[] = [];
  const logged: string[] = [];
  const send = (message: AddonToHost): void => void sent.push(message);
  const handlers = createHandlerList({
    changed: () => undefined,
    failed: () => undefined,
    ran: () => undefined,
    slow: () => undefined,
    late: () => undefined,
  });
  const requests = createHostRequests(send, (task) => task(), handlers.insideHandler);
  const disposals = createDisposalStack();
  const aborter = new AbortController();
  const live = createContext({
    id: 'tested',
    bundled: false,
    workerModule: 'file:///worker-metrics.js',
    preferences,
    storage: '/storage',
    handlers,
    disposals,
    requests,
    send,
    log: (level, text) => logged.push(`${level}: ${String(text)}`),
    signal: aborter.signal,
  });
  return { live, sent, logged, disposals, requests, aborter };
}

it('work is told once, however much of it there is, and over at most 100 ms late', async () => {
  const { live, sent } = make();
  const ends: (() => void)[] = [];
  const work = (): Promise<string> =>
    live.context.busy(() => new Promise((resolve) => ends.push(() => resolve('done'))));
  const both = [work(), work()];
  ends[0]!();
  expect(await both[0]).toBe('done');
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual([{ type: 'busy', busy: true }]);
  ends[1]!();
  await both[1];
  await expect(live.context.busy(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual([
    { type: 'busy', busy: true },
    { type: 'busy', busy: false },
  ]);
});

describe('a status', () => {
  const texts = (sent: readonly AddonToHost[]): (string | undefined)[] =>
    sent.flatMap((message) => (message.type === 'status' ? [message.status?.text] : []));

  it('is told once a second while its level stays, the last one in any case', () => {
    const { live, sent } = make();
    for (const text of ['a', 'b', 'c']) live.context.status({ level: 'ok', text });
    expect(texts(sent)).toEqual(['a']);
    vi.advanceTimersByTime(1_000);
    expect(texts(sent)).toEqual(['a', 'c']);
  });

  it('is told at once where its level is another, where it is taken away, and when preferences were applied', async () => {
    const { live, sent } = make({ word: 'x' });
    live.context.status({ level: 'ok', text: 'a' });
    live.context.status({ level: 'error', text: 'b' });
    live.context.status(null);
    expect(texts(sent)).toEqual(['a', 'b', undefined]);
    live.context.status({ level: 'ok', text: 'c' });
    live.context.preferences.onChange('word', () => live.context.status({ level: 'ok', text: 'd' }));
    await live.preferencesChanged({ word: 'y' }, ['word']);
    expect(texts(sent).slice(3)).toEqual(['c', 'd']);
  });

  it('is cut to what the panel shows, whatever it holds', () => {
    const { live, sent } = make();
    live.context.status({ level: 'ok', text: 'x'.repeat(600), details: [{ label: 'Scene', value: null as never }] });
    expect(sent).toMatchObject([{ status: { details: [{ label: 'Scene', value: '–' }] } }]);
    expect(texts(sent)[0]).toHaveLength(500);
  });
});

describe('preferences', () => {
  it('are read as they are now, and only those that are declared', async () => {
    const { live } = make({ word: 'first' });
    expect(live.context.preferences.get('word')).toBe('first');
    expect(() => live.context.preferences.get('toString')).toThrow(/“toString” is not declared/);
    await live.preferencesChanged({ word: 'second' }, ['word']);
    expect(live.context.preferences.get('word')).toBe('second');
  });

  it('call back for what changed, until that is stopped; one that throws does not keep the others from it', async () => {
    const { live, logged } = make({ a: '1', b: '1' });
    const heard: string[] = [];
    live.context.preferences.onChange('a', () => {
      throw new Error('broken');
    });
    const stop = live.context.preferences.onChange('a', (value) => void heard.push(`a ${String(value)}`));
    live.context.preferences.onChange('b', (value) => void heard.push(`b ${String(value)}`));
    await live.preferencesChanged({ a: '2', b: '1' }, ['a']);
    stop();
    await live.preferencesChanged({ a: '3', b: '1' }, ['a']);
    expect(heard).toEqual(['a 2']);
    expect(logged).toContain('error: Applying the preference “a” failed: broken');
  });
});

it('nothing more can be taken while the add-on is being disabled', () => {
  const { live, aborter } = make({ word: 'x' });
  aborter.abort();
  for (const take of [
    () => live.context.handlers.on('render_pre', () => undefined),
    () => live.context.preferences.onChange('word', () => undefined),
    () => live.context.metrics.source(() => []),
    () => live.context.onDispose(() => undefined),
  ])
    expect(take).toThrow(/is being disabled/);
});

it('refuses a handler for no event, and one that is no function', () => {
  const { live } = make();
  expect(() => live.context.handlers.on('render_done' as never, () => undefined)).toThrow(/no lifecycle event/);
  expect(() => live.context.handlers.on('render_pre', 'log' as never)).toThrow(/not a function/);
});

describe('metrics', () => {
  it('leave out a source that fails and one bad family, and keep the rest', async () => {
    const { live, logged, sent, requests } = make();
    live.context.metrics.counter({ name: 'kept_total', help: 'Kept.' }).inc();
    live.context.metrics.source(() => {
      throw new Error('no data');
    });
    live.context.metrics.source(() => [{ name: 'framegauge_up', help: 'Forged.', type: 'gauge', values: [] }]);
    const families = live.ownFamilies();
    await vi.advanceTimersByTimeAsync(0);
    const asked = sent.find((message) => message.type === 'request');
    requests.answered(asked!.id, { value: EMPTY_SNAPSHOT });
    expect((await families).map(({ name }) => name)).toEqual(['kept_total']);
    expect(logged).toContain('error: A source of metrics failed: no data');
    expect(sent.filter((message) => message.type === 'left-out')).toMatchObject([
      { addonId: 'tested', text: expect.stringMatching(/“framegauge_up”.*kept for Framegauge/) as unknown },
    ]);
  });

  it('are there until everything else was released', async () => {
    const { live, disposals } = make();
    const counter = live.context.metrics.counter({ name: 'a_total', help: 'A.' });
    let during = '';
    live.context.onDispose(async () => {
      counter.inc();
      during = await live.context.metrics.registry.metrics();
    });
    await disposals.releaseAll((error) => expect.unreachable(String(error)));
    expect(during).toContain('a_total 1');
    expect(await live.context.metrics.registry.metrics()).not.toContain('a_total');
  });
});
