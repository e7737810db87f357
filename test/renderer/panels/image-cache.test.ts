import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createImageCache, MOST_BYTES } from '../../../src/renderer/panels/image-cache';

let revoked: string[];
beforeEach(() => {
  revoked = [];
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url));
});
afterEach(() => vi.restoreAllMocks());

const image = (key: string, bytes: number) => ({ key, url: `blob:${key}`, bytes });

it('keeps the images shown last, as many as 256 MiB hold', () => {
  const cache = createImageCache<ReturnType<typeof image>>();
  for (const key of ['a', 'b', 'c']) cache.keep(image(key, MOST_BYTES / 3));
  cache.keep(cache.get('a')!);
  expect(revoked).toEqual([]);
  cache.keep(image('d', MOST_BYTES / 3));
  expect(revoked).toEqual(['blob:b']);
  // The one shown stays, however large it is.
  cache.keep(image('e', MOST_BYTES * 2));
  expect(revoked).toEqual(['blob:b', 'blob:c', 'blob:a', 'blob:d']);
  expect(cache.get('e')).toBeDefined();
});

it('keeps 32 small ones', () => {
  const cache = createImageCache<ReturnType<typeof image>>();
  for (let frame = 0; frame < 33; frame++) cache.keep(image(String(frame), 1));
  expect(revoked).toEqual(['blob:0']);
  cache.clear();
  expect(revoked).toHaveLength(33);
});
