import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHandlerList, type HandlerList } from '../../../src/addon/api/event-handlers';
import type { LifecycleEvent, LifecycleEventName } from '../../../src/shared/lifecycle';

afterEach(() => void vi.useRealTimers());

interface Listened {
  readonly list: HandlerList;
  readonly names: LifecycleEventName[][];
  readonly failures: string[];
  readonly slow: number[];
  readonly late: string[];
  readonly ran: number[];
}

function listen(): Listened {
  const heard = {
    names: [] as LifecycleEventName[][],
    failures: [] as string[],
    slow: [] as number[],
    late: [] as string[],
    ran: [] as number[],
  };
  const list = createHandlerList({
    changed: (names) => heard.names.push(names),
    failed: (event, error) => heard.failures.push(`${event.name}: ${(error as Error).message}`),
    ran: (seconds) => heard.ran.push(seconds),
    slow: (_event, seconds) => heard.slow.push(seconds),
    late: ({ name }) => heard.late.push(name),
  });
  return { list, ...heard };
}

const event = (name: LifecycleEventName): LifecycleEvent => ({ seq: 1, time: 0, name });

describe('running', () => {
  it('goes in the order of registration, and waits for each', async () => {
    const { list } = listen();
    const trace: string[] = [];
    list.on(
      'render_pre',
      async () => {
        await new Promise((resolve) => setImmediate(resolve));
        trace.push('slow');
      },
      false,
    );
    list.on('render_pre', () => void trace.push('fast'), true);
    list.on('render_post', () => void trace.push('other'), true);
    await list.run(event('render_pre'));
    expect(trace).toEqual(['slow', 'fast']);
  });

  it('goes on after a handler that throws or rejects, and tells of each', async () => {
    const { list, failures, ran } = listen();
    const last = vi.fn();
    list.on(
      'render_pre',
      () => {
        throw new Error('thrown');
      },
      true,
    );
    list.on('render_pre', () => Promise.reject(new Error('rejected')), true);
    list.on('render_pre', last, true);
    await list.run(event('render_pre'));
    expect(last).toHaveBeenCalledTimes(1);
    expect(failures).toEqual(['render_pre: thrown', 'render_pre: rejected']);
    expect(ran).toHaveLength(3);
  });

  it('leaves out what an earlier handler of the same event has removed', async () => {
    const { list } = listen();
    const removed = vi.fn();
    let remove: () => void = () => undefined;
    list.on('render_pre', () => remove(), true);
    remove = list.on('render_pre', removed, true);
    await list.run(event('render_pre'));
    expect(removed).not.toHaveBeenCalled();
  });

  it('waits 10 s for a handler and no longer, and tells of one that was slow', async () => {
    vi.useFakeTimers();
    const { list, failures, slow, late } = listen();
    list.on('render_pre', () => new Promise(() => {}), true);
    list.on('render_pre', () => new Promise<void>((resolve) => setTimeout(resolve, 3_000)), true);
    const done = list.run(event('render_pre'));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(failures).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(failures).toEqual([expect.stringMatching(/did not finish within 10 s/)]);
    await vi.advanceTimersByTimeAsync(3_000);
    await done;
    expect(slow).toEqual([3]);
    expect(late).toEqual(['render_pre']);
  });
});

describe('handlers that are not persistent', () => {
  it('run for load_pre, and are dropped before load_post runs', async () => {
    const { list, names } = listen();
    const trace: string[] = [];
    for (const name of ['load_pre', 'load_post', 'render_pre'] as const) {
      list.on(name, () => void trace.push(`plain ${name}`), false);
      list.on(name, () => void trace.push(`persistent ${name}`), true);
    }
    list.on('render_write', () => undefined, false);
    for (const name of ['load_pre', 'load_post', 'render_pre'] as const) await list.run(event(name));
    expect(trace).toEqual(['plain load_pre', 'persistent load_pre', 'persistent load_post', 'persistent render_pre']);
    expect(names.at(-1)).toEqual(['load_pre', 'load_post', 'render_pre']);
  });

  it('stay when the scene could not be read', async () => {
    const { list } = listen();
    const plain = vi.fn();
    list.on('render_pre', plain, false);
    await list.run(event('load_pre'));
    await list.run(event('load_post_fail'));
    await list.run(event('render_pre'));
    expect(plain).toHaveBeenCalledTimes(1);
  });
});

it('tells the names when they change, and once where there are none', () => {
  const { list, names } = listen();
  list.announce();
  list.announce();
  expect(names).toEqual([[]]);
  const remove = list.on('render_pre', () => undefined, true);
  list.on('render_pre', () => undefined, true);
  remove();
  expect(names).toEqual([[], ['render_pre']]);
});

it('knows whether the code that asks is inside of a handler that events wait for', async () => {
  const { list } = listen();
  expect(list.insideHandler()).toBe(false);
  const seen: boolean[] = [];
  let later: Promise<void> = Promise.resolve();
  list.on(
    'render_pre',
    async () => {
      seen.push(list.insideHandler());
      await Promise.resolve();
      seen.push(list.insideHandler());
      // What goes on after the handler has returned is not waited for.
      later = new Promise<void>((resolve) =>
        setImmediate(() => {
          seen.push(list.insideHandler());
          resolve();
        }),
      );
    },
    true,
  );
  await list.run(event('render_pre'));
  await later;
  expect(seen).toEqual([true, true, false]);
});
