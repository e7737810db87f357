import { describe, expect, it } from 'vitest';
import { createMetrics, type LiveMetrics } from '../../../../src/addon/api/metrics/create-metrics';
import { createDisposalStack, type DisposalStack } from '../../../../src/addon/api/disposal-stack';
import { createHostRequests, type HostRequests } from '../../../../src/addon/api/host-requests';
import { EMPTY_SNAPSHOT } from '../../../helpers/empty-snapshot';

function make(): LiveMetrics & { readonly disposals: DisposalStack; abort(): void } {
  const disposals = createDisposalStack();
  let aborted = false;
  const requests: HostRequests = createHostRequests(
    (message) => {
      if (message.type === 'request') queueMicrotask(() => requests.answered(message.id, { value: EMPTY_SNAPSHOT }));
    },
    (task) => task(),
    () => false,
  );
  const live = createMetrics({
    id: 'tested',
    bundled: false,
    workerModule: 'file:///worker-metrics.js',
    requests,
    disposals,
    send: () => {},
    log: (_level, text) => expect.unreachable(String(text)),
    alive() {
      if (aborted) throw new Error('is being disabled');
    },
  });
  return { ...live, disposals, abort: () => void (aborted = true) };
}

const names = async ({ ownFamilies }: LiveMetrics): Promise<string[]> => (await ownFamilies()).map(({ name }) => name);

describe('another registry', () => {
  it('is served with the first one, a metric of both once, and shares their names', async () => {
    const live = make();
    const other = live.api.createRegistry();
    const shared = live.api.counter({ name: 'shared_total', help: 'h' });
    other.add(shared);
    other.gauge({ name: 'own', help: 'h' });
    expect(await names(live)).toEqual(['shared_total', 'own']);
    expect((await other.families()).map(({ name }) => name)).toEqual(['shared_total', 'own']);
    expect(() => live.api.gauge({ name: 'own', help: 'h' })).toThrow(/there is one of that name/);
    other.dispose();
    expect(await names(live)).toEqual(['shared_total']);
    live.api.gauge({ name: 'own', help: 'h' });
  });

  it('that is not served has names of its own, and is read by itself', async () => {
    const live = make();
    live.api.gauge({ name: 'x', help: 'h' }).set(1);
    const own = live.api.createRegistry({ served: false });
    own.gauge({ name: 'x', help: 'h' }).set(2);
    expect(await names(live)).toEqual(['x']);
    expect(await own.text()).toContain('\nx 2\n');
    expect(() => own.counter({ name: 'x', help: 'h' })).toThrow(/cannot be added/);
  });

  it('is empty once the add-on was disabled', async () => {
    const live = make();
    const other = live.api.createRegistry();
    other.gauge({ name: 'x', help: 'h' });
    await live.disposals.releaseAll((error) => expect.unreachable(String(error)));
    expect(await other.families()).toEqual([]);
    expect(await names(live)).toEqual([]);
  });
});

it('metrics of several processes are served with the others, and share their names', async () => {
  const live = make();
  live.api.histogram({ name: 'seconds', help: 'h' });
  const hub = live.api.processes();
  hub.counter({ name: 'all_total', help: 'h' }).inc(2);
  hub.namespace('crew_').gauge({ name: 'busy', help: 'h', mode: 'sum' }).set(3);
  expect(await names(live)).toEqual(['seconds', 'all_total', 'crew_busy']);
  expect(() => live.api.counter({ name: 'all_total', help: 'h' })).toThrow(/one of that name already/);
  expect(() => hub.counter({ name: 'seconds_count', help: 'h' })).toThrow(/“seconds” has series named/);
  expect(() => live.api.processes().counter({ name: 'all_total', help: 'h' })).toThrow(/one of that name already/);
  await live.disposals.releaseAll((error) => expect.unreachable(String(error)));
  expect(await names(live)).toEqual([]);
});

it('another program’s metrics are passed on by a collector', async () => {
  const live = make();
  const other = live.api.createRegistry({ served: false });
  other.collector({
    describe: () => [{ name: 'printer_pages_total', type: 'counter' }],
    collect: () => live.api.parse('# TYPE printer_pages_total counter\nprinter_pages_total{tray="1"} 7\n'),
  });
  expect(await other.families()).toMatchObject([{ values: [{ labels: { tray: '1' }, value: 7 }] }]);
});

it('nothing more is taken while the add-on is being disabled', () => {
  const live = make();
  live.abort();
  for (const take of [
    () => live.api.counter({ name: 'x_total', help: 'h' }),
    () => live.api.createRegistry(),
    () => live.api.collector({ describe: () => [], collect: () => [] }),
    () => live.api.source(() => []),
  ])
    expect(take).toThrow(/is being disabled/);
});
