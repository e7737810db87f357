import { Counter } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { MetricFamily } from '../../../../src/addon/api/context';
import { createLiveRegistry, type LiveRegistry } from '../../../../src/addon/api/metrics/metric-registry';
import { EMPTY_SNAPSHOT } from '../../../helpers/empty-snapshot';

function make(): LiveRegistry & { readonly problems: string[] } {
  const problems: string[] = [];
  const live: LiveRegistry = createLiveRegistry({
    others: () => [live],
    snapshot: async () => EMPTY_SNAPSHOT,
    admit: (families) => [...families],
    leftOut: (name, problem) => problems.push(`${name}: ${problem}`),
    logError: (text) => problems.push(text),
    alive: () => {},
    onDispose: () => () => {},
  });
  return { ...live, problems };
}

const one = (name: string, type: MetricFamily['type'] = 'gauge'): MetricFamily => ({
  name,
  help: 'h',
  type,
  values: [{ labels: {}, value: 1 }],
});
const names = async ({ api }: LiveRegistry): Promise<string[]> => (await api.families()).map(({ name }) => name);

it('takes every kind of metric, of prom-client and of its own, and writes them in either format', async () => {
  const { api } = make();
  api.counter({ name: 'a_total', help: 'A.', enableExemplars: true }).inc({ exemplarLabels: { id: '7' } });
  api.gauge({ name: 'b', help: 'B.' }).set(2);
  api.histogram({ name: 'c', help: 'C.', buckets: [1] }).observe(0.5);
  api.summary({ name: 'd', help: 'D.', percentiles: [] }).observe(3);
  api.summary({ name: 'e', help: 'E.', percentiles: [0.5] });
  api.info({ name: 'f', help: 'F.' }).set({ version: '1' });
  api.enum({ name: 'g', help: 'G.', states: ['on', 'off'] }).state('off');
  api.stateSet({ name: 'h', help: 'H.', states: ['hot'] }).set('hot', true);
  expect((await api.text()).split('\n').filter((line) => !line.startsWith('# HELP'))).toEqual([
    '# TYPE a_total counter',
    'a_total 1',
    '# TYPE b gauge',
    'b 2',
    '# TYPE c histogram',
    'c_bucket{le="1"} 1',
    'c_bucket{le="+Inf"} 1',
    'c_sum 0.5',
    'c_count 1',
    '# TYPE d summary',
    'd_sum 3',
    'd_count 1',
    '# TYPE e summary',
    'e{quantile="0.5"} NaN',
    'e_sum 0',
    'e_count 0',
    '# TYPE f_info gauge',
    'f_info{version="1"} 1',
    '# TYPE g gauge',
    'g{g="on"} 0',
    'g{g="off"} 1',
    '# TYPE h gauge',
    'h{h="hot"} 1',
    '',
  ]);
  const open = (await api.text('openmetrics')).split('\n');
  expect(open).toEqual(expect.arrayContaining(['# TYPE f info', 'f_info{version="1"} 1', '# TYPE g stateset']));
  expect(open.find((line) => line.startsWith('a_total'))).toMatch(/^a_total 1 # \{id="7"\} 1 [\d.]+$/);
  // prom-client's own way to the same, which leaves the counters named as they are.
  expect(await api.registry.metrics()).toBe(open.join('\n'));
  expect(await names({ api } as LiveRegistry)).toContain('a_total');
});

describe('a name that is taken', () => {
  it.each<[string, (api: LiveRegistry['api']) => unknown, RegExp]>([
    [
      'by a metric',
      (api) => api.gauge({ name: 'seconds', help: 'h' }),
      /“seconds” cannot be added: there is one of that name/,
    ],
    [
      'by a series of a metric',
      (api) => api.counter({ name: 'seconds_count', help: 'h' }),
      /“seconds” has series named “seconds_count”/,
    ],
    [
      'for one of the new metric’s series',
      (api) => api.info({ name: 'build', help: 'h' }),
      /“build_info” has series named/,
    ],
    [
      'by a collector',
      (api) => {
        api.collector({ describe: () => [{ name: 'later', type: 'gauge' }], collect: () => [] });
        api.gauge({ name: 'later', help: 'h' });
      },
      /“later” cannot be added/,
    ],
    [
      'for a collector',
      (api) => api.collector({ describe: () => [{ name: 'seconds_sum', type: 'gauge' }], collect: () => [] }),
      /“seconds_sum” cannot be added/,
    ],
    [
      'twice by a collector itself',
      (api) => api.collector({ describe: () => [one('x', 'histogram'), one('x_sum')], collect: () => [] }),
      /“x” has series named “x_sum”/,
    ],
  ])('%s is refused at once', (_what, take, sentence) => {
    const { api } = make();
    api.histogram({ name: 'seconds', help: 'h' });
    api.gauge({ name: 'build_info', help: 'h' });
    expect(() => take(api)).toThrow(sentence);
  });

  it('is free again once its metric was removed', () => {
    const { api } = make();
    const first = api.gauge({ name: 'x', help: 'h' });
    api.remove(first);
    const second = api.counter({ name: 'x', help: 'h' });
    // One that is not in is left alone.
    api.remove(first);
    api.add(second);
    expect(() => api.gauge({ name: 'x', help: 'h' })).toThrow();
  });
});

it('a namespace prefixes names, also of another one in it and of collectors', async () => {
  const live = make();
  const studio = live.api.namespace('studio_').namespace('night_');
  studio.counter({ name: 'a_total', help: 'A.' });
  studio.enum({ name: 'b', help: 'B.', states: ['x'] });
  studio.collector({
    describe: () => [
      { name: 'c', type: 'summary' },
      { name: 'd', type: 'stateset' },
    ],
    collect: () => [
      { name: 'c', help: 'C.', type: 'summary', values: [{ metricName: 'c_sum', labels: { c: 'x' }, value: 1 }] },
      {
        name: 'd',
        help: 'D.',
        type: 'stateset',
        labelNames: ['d', 'of'],
        values: [{ labels: { d: 'on', of: 'lamp' }, value: 1 }],
      },
    ],
  });
  const text = await live.api.text();
  expect(text).toContain('\nstudio_night_c_sum{c="x"} 1\n');
  expect(text).toContain('\nstudio_night_d{studio_night_d="on",of="lamp"} 1\n');
  expect(await names(live)).toEqual(['studio_night_a_total', 'studio_night_b', 'studio_night_c', 'studio_night_d']);
  expect(() => live.api.namespace('7 ')).toThrow(/cannot begin a metric’s name/);
});

describe('a gauge with a function', () => {
  it('has what that returns at each scrape: a number, none, or one for each label set', async () => {
    const live = make();
    let length: number | null = 3;
    live.api.gauge({ name: 'queue', help: 'h', value: () => length });
    let disks = ['a', 'b'];
    live.api.gauge({
      name: 'free',
      help: 'h',
      labelNames: ['disk'],
      value: async () => disks.map((disk) => [{ disk }, 1] as const),
    });
    const lines = async (): Promise<string[]> => (await live.api.text()).split('\n').filter((line) => /^\w/.test(line));
    expect(await lines()).toEqual(['free{disk="a"} 1', 'free{disk="b"} 1', 'queue 3']);
    length = null;
    disks = ['b'];
    expect(await lines()).toEqual(['free{disk="b"} 1']);
  });

  it('is left out alone where that fails', async () => {
    const live = make();
    live.api.gauge({
      name: 'queue',
      help: 'h',
      value: () => {
        throw new Error('no queue.');
      },
    });
    live.api.gauge({ name: 'other', help: 'h' });
    expect(await names(live)).toEqual(['other']);
    expect(live.problems).toEqual(['queue: no queue']);
  });
});

describe('a collector', () => {
  it('keeps its `this`, gets a snapshot, and is gone once it was removed', async () => {
    const live = make();
    class Versions {
      readonly name = 'version';
      describe(): MetricFamily[] {
        return [one(this.name)];
      }
      collect(snapshot: { version: string }): MetricFamily[] {
        return [{ ...one(this.name), values: [{ labels: { version: snapshot.version }, value: 1 }] }];
      }
    }
    const remove = live.api.collector(new Versions());
    expect((await live.api.families())[0]!.values[0]!.labels).toEqual({ version: EMPTY_SNAPSHOT.version });
    remove();
    expect(await names(live)).toEqual([]);
    live.api.gauge({ name: 'version', help: 'h' });
  });

  it('is held to what it described', async () => {
    const live = make();
    live.api.collector({
      describe: () => [
        { name: 'a', type: 'gauge' },
        { name: 'b', type: 'gauge' },
      ],
      collect: () => [one('a'), one('b', 'counter'), one('c')],
    });
    expect(await names(live)).toEqual(['a']);
    expect(live.problems).toEqual([
      'b: its collector described it as gauge, and it is counter',
      'c: its collector did not describe it',
    ]);
  });

  it('that never ends is left out, and so is a gauge whose function does not, and the rest is there', async () => {
    const live = make();
    const seen = live.api.gauge({ name: 'seen', help: 'h' });
    live.api.gauge({ name: 'hung', help: 'h', value: () => new Promise<number>(() => {}) });
    live.api.collector({ describe: () => [one('never')], collect: () => new Promise(() => {}) });
    live.addSource(async () => {
      await Promise.resolve();
      seen.set(1);
      return [one('soon')];
    });
    const families = await live.api.families();
    expect(families.map(({ name }) => name)).toEqual(['seen', 'soon']);
    // What a source sets is in the same scrape.
    expect(families[0]!.values[0]!.value).toBe(1);
    expect(live.problems).toHaveLength(2);
    expect(live.problems).toEqual(
      expect.arrayContaining([
        'hung: it took longer than 700 ms',
        'A source of metrics failed: it took longer than 700 ms',
      ]),
    );
  });

  it('that fails is left out, and the rest is there', async () => {
    const live = make();
    live.api.gauge({ name: 'rest', help: 'h' });
    live.api.collector({
      describe: () => [],
      collect: () => {
        throw new Error('no');
      },
    });
    expect(await names(live)).toEqual(['rest']);
    expect(live.problems).toEqual(['A source of metrics failed: no']);
  });
});

it('takes a metric that was made without it', async () => {
  const live = make();
  const counter = new Counter({ name: 'x_total', help: 'h', registers: [] });
  live.api.add(counter);
  expect(await names(live)).toEqual(['x_total']);
  live.api.remove(counter);
  expect(await names(live)).toEqual([]);
});
