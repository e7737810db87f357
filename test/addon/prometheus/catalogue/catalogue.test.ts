import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../../src/addon/prometheus/catalogue/catalogue';
import type { CatalogueEntry } from '../../../../src/addon/prometheus/catalogue/catalogue-entry';

/** What a name ends with that has a unit (https://prometheus.io/docs/practices/naming/). */
const SUFFIX = { seconds: 'seconds', bytes: 'bytes', ratio: 'ratio', info: 'info' } as const;

it('has each name once', () => {
  const names = catalogue.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** Two names are those of a program of before, with their texts. */
const own: readonly CatalogueEntry[] = catalogue.filter(({ name }) => name.startsWith('framegauge_'));

describe.each(own)('$name', ({ name, type, unit, help }) => {
  it('is named as its type and unit want it', () => {
    expect(name).toMatch(/^framegauge_[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    const bare = name.replace(/_total$/, '');
    if (unit in SUFFIX) expect(bare.endsWith(`_${SUFFIX[unit as keyof typeof SUFFIX]}`)).toBe(true);
    else expect(bare).not.toMatch(/_(seconds|bytes|ratio|info)$/);
  });

  it('is told in one sentence, which names its unit', () => {
    expect(help).toMatch(/^[A-Z].*\.$/);
    expect(help).not.toMatch(/[\n\\]/);
    if (unit === 'seconds' || unit === 'bytes') expect(help).toContain(`in ${unit}`);
    if (type === 'counter') expect(help).toMatch(/^Total /);
  });
});
