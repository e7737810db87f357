import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const RENDERER = resolve(import.meta.dirname, '../../src/renderer');

it('animates nothing that has the page laid out for each step, as bars would with every frame that is written', () => {
  const steps = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.css'))
    .flatMap((file) =>
      [...readFileSync(join(RENDERER, file), 'utf8').matchAll(/\btransition(?:-property)?:\s*([^;]+);/g)].map(
        ([, value]) => `${file}: ${value}`,
      ),
    );
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.filter((step) => !/: (?:none\b|(?:transform|opacity) [\d.]+s$)/.test(step))).toEqual([]);
});
