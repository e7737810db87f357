import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDisposalStack } from '../../../src/addon/api/disposal-stack';
import { createPanels } from '../../../src/addon/api/panels';
import type { AddonToHost } from '../../../src/shared/addon-protocol';
import type { PanelElement } from '../../../src/shared/panels';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function make() {
  const sent: AddonToHost[] = [];
  const disposals = createDisposalStack();
  const panels = createPanels({
    send: (message) => sent.push(message),
    onDispose: (release) => disposals.add(release),
  });
  return { panels, sent, dispose: () => disposals.releaseAll(() => undefined) };
}

const PANEL = { id: 'disk', place: 'job', title: 'Disk' } as const;
const label = (text: string): PanelElement => ({ type: 'label', text });

describe('panels', () => {
  it('are told three times a second at most, the last content in any case, and removed on disable', async () => {
    const { panels, sent, dispose } = make();
    const panel = panels.add(PANEL);
    for (let i = 0; i < 1_000; i++) panel.update([label(String(i))]);
    vi.advanceTimersByTime(300);
    expect(sent).toMatchObject([
      { type: 'panel', panel: { elements: [] } },
      { type: 'panel', panel: { id: 'disk', elements: [label('999')] } },
    ]);
    await dispose();
    panel.update([label('late')]);
    vi.advanceTimersByTime(1_000);
    expect(sent.slice(2)).toEqual([{ type: 'panel-removed', id: 'disk' }]);
  });

  const circular: unknown[] = [];
  circular.push({ type: 'table', label: 'T', columns: ['a'], rows: circular });
  it.each([
    ['HTML', [{ type: 'html', html: '<b>' }], 'elements.0.type'],
    ['a field of its own', [{ type: 'label', text: 'a', onclick: 'x' }], 'there is nothing called “onclick” here'],
    ['a number that is none', [{ type: 'value', label: 'a', value: NaN }], 'elements.0.value'],
    ['points without end', [{ type: 'sparkline', label: 'a', points: [Infinity] }], 'elements.0.points.0'],
    ['too many elements', Array.from({ length: 31 }, () => label('a')), 'at most 30 entries'],
    ['what contains itself', circular, 'elements.0.rows.0'],
    ['no list', 'text', 'a list is expected'],
    ['an image of nothing', [{ type: 'image', label: 'a' }], 'either that of a job’s frame, or bytes'],
    ['half a frame', [{ type: 'image', label: 'a', job: 1 }], 'either that of a job’s frame, or bytes'],
    ['an image as text', [{ type: 'image', label: 'a', bytes: 'iVBORw' }], 'bytes are expected'],
    [
      'more bytes than a panel holds',
      [{ type: 'image', label: 'a', bytes: new Uint8Array(256 * 1024 + 1) }],
      'show images of 262144 bytes at most',
    ],
    ['a field of nothing', [{ type: 'field' }], 'either a preference, or an operator and a parameter of it'],
    ['a field of an operator', [{ type: 'field', operator: 'tidy' }], 'either a preference, or an operator and a'],
    [
      'more than 64 KB',
      Array.from({ length: 20 }, () => ({
        type: 'table',
        label: 'T',
        columns: ['a'],
        rows: Array.from({ length: 50 }, () => ['x'.repeat(100)]),
      })),
      '65536 characters of JSON',
    ],
  ])('refuse %s, and what is shown stays', (_what, elements, reason) => {
    const { panels, sent } = make();
    const panel = panels.add({ ...PANEL, elements: [label('before')] });
    expect(() => panel.update(elements as never)).toThrow(reason);
    vi.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(1);
  });

  it('show images whose bytes do not count as text', () => {
    const { panels, sent } = make();
    const bytes = new Uint8Array(200 * 1024);
    panels.add({ ...PANEL, elements: [{ type: 'image', label: 'Chart', bytes }] });
    expect(sent).toHaveLength(1);
    const second = { ...PANEL, id: 'second', elements: [{ type: 'image', label: 'Chart', bytes }] } as const;
    expect(() => panels.add(second)).toThrow('show images of 262144 bytes at most');
  });

  it('are ten at most, each with an id of its own', () => {
    const { panels, sent } = make();
    for (let i = 0; i < 10; i++) panels.add({ ...PANEL, id: `p${i}` });
    expect(() => panels.add(PANEL)).toThrow('An add-on has 10 panels at most.');
    expect(() => panels.add({ ...PANEL, id: 'p1' })).toThrow('There is a panel “p1” already.');
    expect(() => panels.add({ ...PANEL, id: 'x', place: 'desktop' as never })).toThrow('place: it must be one of');
    expect(() => panels.add(null as never)).toThrow('The panel without an id cannot be shown');
    expect(sent).toHaveLength(10);
  });
});
