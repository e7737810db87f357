import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { contentDigest, machineNameSchema, resultHeader, shortLog, shortSentence } from '../../src/shared/farm';
import { relativePathSchema } from '../../src/shared/farm-files';
import { problemOfFarmAddress } from '../../src/shared/farm-address';

it.each(['scene.gltf', 'textures/wood 1.png', 'a/b/c.bin', 'ü/雪.png', '...', 'a..b/c'])(
  'takes the path %s',
  (path) => {
    expect(relativePathSchema.safeParse(path).success).toBe(true);
  },
);

it.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../../x',
  'a/./b',
  'a//b',
  'a/',
  'C:/x',
  'c:x',
  'a\\..\\x',
  'a\0',
  'x'.repeat(256),
])('refuses the path %j', (path) => {
  expect(relativePathSchema.safeParse(path).success).toBe(false);
});

it('writes digests as RFC 9530 does', () => {
  const hash = createHash('sha256').update('frame');
  const base64 = createHash('sha256').update('frame').digest('base64');
  expect(contentDigest(hash.digest('hex'))).toBe(`sha-256=:${base64}:`);
});

it('tells a result in a header, in ASCII and unless it is too long', () => {
  const result = {
    outcome: 'rendered' as const,
    files: [{ view: '_ü雪\u{1F600}' }],
    seconds: 1,
    peakBytes: null,
    warnings: [],
    log: ['line\nbreak\u007f'],
  };
  const told = resultHeader(result)!;
  expect(told).toMatch(/^[ -~]+$/);
  expect(JSON.parse(told)).toEqual(result);
  expect(resultHeader({ ...result, log: ['x'.repeat(8_000)] })).toBeNull();
});

it('shortens what is too long for a message', () => {
  expect(shortLog(Array.from({ length: 700 }, (_value, index) => `${index}`)).at(0)).toBe('200');
  expect(shortSentence('x'.repeat(5_000))).toHaveLength(2_000);
});

it.each([
  ['render-1', true],
  ['Büro 3', true],
  ['-x', false],
  ['a/b', false],
  ['x'.repeat(64), false],
])('takes the name %s: %s', (name, fine) => {
  expect(machineNameSchema.safeParse(name).success).toBe(fine);
});

it.each([
  ['0.0.0.0:8790', null],
  ['[::]:8790', null],
  ['manager.example:1', null],
  ['8790', 'write an address and a port'],
  ['host:65535', 'write an address and a port'],
  ['https://host:1', 'write an address and a port'],
])('says what is wrong with the address %s', (text, problem) => {
  if (problem === null) expect(problemOfFarmAddress(text)).toBeNull();
  else expect(problemOfFarmAddress(text)).toContain(problem);
});
