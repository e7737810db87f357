import { describe, expect, it } from 'vitest';
import { animationNamesOf, distinctNames, findName, sceneNamesOf } from '../../src/shared/gltf-names';

describe('distinctNames', () => {
  it('keeps names apart, also from those that look like numbered ones', () => {
    expect(distinctNames(['A', 'A', 'B', 'A.001', 'A'])).toEqual(['A', 'A.001', 'B', 'A.001.001', 'A.002']);
  });

  it('gives a hundred thousand of one name each its own', () => {
    const names = distinctNames(Array.from({ length: 100_000 }, () => 'Camera'));
    expect(names.at(-1)).toBe('Camera.99999');
    expect(new Set(names).size).toBe(100_000);
  });
});

it('names animations and scenes that have no name by their place', () => {
  expect(animationNamesOf({ animations: [{ name: 'Walk' }, {}, { name: 'Walk' }, { name: '' }] })).toEqual([
    'Walk',
    'Animation 2',
    'Walk.001',
    'Animation 4',
  ]);
  expect(sceneNamesOf({ scenes: [{}, { name: 'Night' }] })).toEqual(['Scene 1', 'Night']);
  expect([animationNamesOf({}), sceneNamesOf({})]).toEqual([[], []]);
});

describe('findName', () => {
  const [composed, decomposed] = (['NFC', 'NFD'] as const).map((form) => 'Kaméra'.normalize(form)) as [string, string];

  it('finds a name in the other Unicode form, and tells how it is written', () => {
    expect(findName(['A', decomposed], composed)).toBe(decomposed);
    expect(findName(['A', composed], decomposed)).toBe(composed);
  });

  it('prefers the one that is written the same', () =>
    expect(findName([decomposed, composed], composed)).toBe(composed));
  it('finds none where there is none', () => expect(findName(['Camera'], 'camera')).toBeNull());
});
