import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it.each([
  ['en-US@posix', 'en-US'],
  ['de-CH', 'de-CH'],
])('a browser’s language %s is %s to whatever is loaded afterwards', async (given, used) => {
  vi.stubGlobal('navigator', { language: given });
  await import('../../src/renderer/language-tag');
  expect(navigator.language).toBe(used);
  expect(() => new Intl.NumberFormat(navigator.language)).not.toThrow();
});
