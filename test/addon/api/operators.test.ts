import { describe, expect, it } from 'vitest';
import { createDisposalStack } from '../../../src/addon/api/disposal-stack';
import { createOperators, type Operators } from '../../../src/addon/api/operators';
import type { OperatorDeclaration } from '../../../src/addon/api/context';
import type { AddonToHost } from '../../../src/shared/addon-protocol';
import { createConditions } from '../../helpers/conditions';

interface Made extends Operators {
  readonly sent: AddonToHost[];
  /** The message that ends a run. */
  ended(run: number): Promise<Extract<AddonToHost, { type: 'operator-ended' }>>;
  dispose(): Promise<void>;
}

function make(): Made {
  const sent: AddonToHost[] = [];
  const { check, until } = createConditions();
  const disposals = createDisposalStack();
  const operators = createOperators({
    send(message) {
      sent.push(message);
      check();
    },
    onDispose: (release) => disposals.add(release),
    log: () => undefined,
  });
  const endOf = (run: number) =>
    sent.find((message): message is Extract<AddonToHost, { type: 'operator-ended' }> => {
      return message.type === 'operator-ended' && message.run === run;
    });
  return {
    ...operators,
    sent,
    async ended(run) {
      await until(() => endOf(run) !== undefined);
      return endOf(run)!;
    },
    dispose: () => disposals.releaseAll(() => undefined),
  };
}

const OPERATOR: OperatorDeclaration = { id: 'act', label: 'Act', run: () => 'Done.' };

describe('adding operators', () => {
  it('tells the host, and takes them back when asked to or when the add-on is disabled', async () => {
    const { api, sent, dispose } = make();
    const remove = api.add(OPERATOR);
    api.add({ ...OPERATOR, id: 'other' });
    remove();
    await dispose();
    expect(sent).toMatchObject([
      { type: 'operator', operator: { id: 'act', label: 'Act', description: '', parameters: [] } },
      { type: 'operator', operator: { id: 'other' } },
      { type: 'operator-removed', id: 'act' },
      { type: 'operator-removed', id: 'other' },
    ]);
  });

  const circular: Record<string, unknown> = { id: 'act', label: 'Act', run: () => '' };
  circular['parameters'] = [circular];
  it.each([
    ['no object', null, 'without an id'],
    ['an id with spaces', { ...OPERATOR, id: 'a b' }, '“a b” cannot be added: id: an operator’s id has small letters'],
    ['no label', { id: 'act', run: () => '' }, 'label: it is missing'],
    ['no function', { id: 'act', label: 'Act' }, 'has no function named “run”'],
    ['an unknown field', { ...OPERATOR, html: '<b>' }, 'there is nothing called “html” here'],
    ['a place that is none', { ...OPERATOR, menu: 'desktop' }, 'menu: it must be one of “render”, “job”, “window”'],
    ['a menu of jobs without a job', { ...OPERATOR, menu: 'job' }, 'needs a parameter of the type “job”'],
    ['a parameter of an unknown type', { ...OPERATOR, parameters: [{ key: 'a', label: 'A', type: 'html' }] }, 'type'],
    [
      'a smallest value that is none',
      { ...OPERATOR, parameters: [{ key: 'a', label: 'A', type: 'number', min: NaN }] },
      'min',
    ],
    [
      'the same parameter twice',
      { ...OPERATOR, parameters: ['a', 'a'].map((key) => ({ key, label: 'A', type: 'frame' })) },
      'the same key',
    ],
    ['parameters that contain themselves', circular, 'parameters.0'],
    [
      '21 parameters',
      { ...OPERATOR, parameters: Array.from({ length: 21 }, (_, i) => ({ key: `a${i}`, label: 'A', type: 'frame' })) },
      'at most 20',
    ],
  ])('refuses %s', (_what, declaration, reason) => {
    const { api, sent } = make();
    expect(() => api.add(declaration as never)).toThrow(reason);
    expect(sent).toEqual([]);
  });

  it('refuses one that is there already, and more than 50', () => {
    const { api, sent } = make();
    let refused = 0;
    for (let i = 0; i < 1_000; i++) {
      try {
        api.add({ ...OPERATOR, id: `act-${i}` });
      } catch (error) {
        expect((error as Error).message).toBe('An add-on has 50 operators at most.');
        refused++;
      }
    }
    expect([sent.length, refused]).toEqual([50, 950]);
    expect(() => api.add({ ...OPERATOR, id: 'act-1' })).toThrow('There is an operator “act-1” already.');
  });
});

describe('running one', () => {
  const start = (made: Made, run: OperatorDeclaration['run'], parameters = {}): Promise<unknown> => {
    made.api.add({ ...OPERATOR, run });
    made.receive({ type: 'operator-run', run: 1, id: 'act', parameters });
    return made.ended(1);
  };

  it('passes the parameters and answers with the result', async () => {
    expect(await start(make(), ({ parameters }) => `Got ${parameters['a']}.`, { a: 3 })).toMatchObject({
      result: { text: 'Got 3.' },
      error: null,
    });
    const whole = { text: 'Done.', undo: 'Cancel job 3.', data: { jobs: 1 } };
    expect(await start(make(), async () => whole)).toMatchObject({ result: whole, error: null });
    expect(await start(make(), () => undefined)).toMatchObject({ result: null, error: null });
  });

  it('reports progress within its bounds, whatever it is told', async () => {
    const made = make();
    await start(made, ({ progress }) => progress(NaN, 5 as never));
    const other = make();
    await start(other, ({ progress }) => progress(7, 'x'.repeat(1_000)));
    expect(made.sent).toContainEqual({ type: 'operator-progress', run: 1, progress: null, text: '' });
    expect(other.sent).toContainEqual({ type: 'operator-progress', run: 1, progress: 1, text: 'x'.repeat(300) });
  });

  it('reports progress a few times a second at most', async () => {
    const made = make();
    await start(made, ({ progress }) => {
      for (let i = 0; i < 100_000; i++) progress(i / 100_000);
    });
    expect(made.sent.filter(({ type }) => type === 'operator-progress').length).toBeLessThan(20);
  });

  it('fails with the sentence that it throws, or with what is wrong with its result', async () => {
    expect(
      await start(make(), () => {
        throw new Error('No disk.');
      }),
    ).toMatchObject({ result: null, error: 'No disk.' });
    const circular: Record<string, unknown> = { text: 'Done.' };
    circular['data'] = circular;
    for (const [result, reason] of [
      [circular, 'data.data'],
      [{ text: 'Done.', data: { a: NaN } }, 'data.a'],
      [{ text: 'x'.repeat(1_001) }, 'text: it must have at most 1000 characters'],
      [5, 'an object is expected'],
    ] as const)
      expect(await start(make(), () => result as never)).toMatchObject({
        result: null,
        error: expect.stringContaining(`Its work is done, but its result cannot be shown: ${reason}`),
      });
  });

  it('aborts the signal when it is cancelled and when the add-on is disabled, which is no failure', async () => {
    const untilAborted: OperatorDeclaration['run'] = ({ signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      );
    const cancelled = make();
    const end = start(cancelled, untilAborted);
    cancelled.receive({ type: 'operator-cancel', run: 1 });
    expect(await end).toMatchObject({ result: null, error: null });
    const disabled = make();
    const other = start(disabled, untilAborted);
    await disabled.dispose();
    expect(await other).toMatchObject({ result: null, error: null });
  });
});
