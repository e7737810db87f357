import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createHostRequests, type HostRequests } from '../../../src/addon/api/host-requests';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(inside = false): { requests: HostRequests; sent: unknown[]; events: (() => void)[] } {
  const sent: unknown[] = [];
  const events: (() => void)[] = [];
  return {
    requests: createHostRequests(
      (message) => sent.push(message),
      (task) => events.push(task),
      () => inside,
    ),
    sent,
    events,
  };
}

it('settles once the events before the answer have been handled', async () => {
  const { requests, sent, events } = setUp();
  const settled = vi.fn();
  const asked = requests.ask({ what: 'snapshot' }, z.number()).then(settled);
  expect(sent).toEqual([{ type: 'request', id: 1, request: { what: 'snapshot' } }]);
  requests.answered(1, { value: 7 });
  await vi.advanceTimersByTimeAsync(0);
  expect(settled).not.toHaveBeenCalled();
  events[0]!();
  await asked;
  expect(settled).toHaveBeenCalledWith(7);
});

it('settles at once inside of a handler, for which those events wait', async () => {
  const { requests, events } = setUp(true);
  const asked = requests.ask({ what: 'snapshot' }, z.number());
  requests.answered(1, { value: 7 });
  expect(await asked).toBe(7);
  expect(events).toEqual([]);
});

it('tells answers apart, and ignores those that nobody waits for', async () => {
  const { requests } = setUp(true);
  const [first, second] = [
    requests.ask({ what: 'snapshot' }, z.string()),
    requests.ask({ what: 'metrics' }, z.string()),
  ];
  requests.answered(99, { value: 'none' });
  requests.answered(2, { value: 'second' });
  requests.answered(1, { value: 'first' });
  requests.answered(1, { value: 'again' });
  expect([await first, await second]).toEqual(['first', 'second']);
});

it('fails when the host refuses, answers something else, or nothing within 5 s', async () => {
  const { requests } = setUp(true);
  const refused = expect(requests.ask({ what: 'metrics' }, z.number())).rejects.toMatchObject({
    message: 'There is no job 7.',
    code: 'not-found',
  });
  requests.answered(1, { value: null, error: { message: 'There is no job 7.', kind: 'not-found' } });
  await refused;
  const wrong = expect(requests.ask({ what: 'metrics' }, z.number())).rejects.toThrow(/with something else/);
  requests.answered(2, { value: 'seven' });
  await wrong;
  const late = expect(requests.ask({ what: 'snapshot' }, z.number())).rejects.toThrow(/snapshot within 5 s/);
  await vi.advanceTimersByTimeAsync(5_000);
  await late;
  expect(vi.getTimerCount()).toBe(0);
});
