import { describe, expect, it } from 'vitest';
import { failureOf, quoted, RenderFailure } from '../../../src/renderer/render-page/render-failure';

/** What the engine says of a mistake, in its own words. */
function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
const nothing = undefined as unknown as { nodes: () => void };

describe('failureOf', () => {
  it.each([
    ['reading of nothing', caught(() => nothing.nodes)],
    ['calling of nothing', caught(() => (({}) as { run: () => void }).run())],
    ['a loop over a number', caught(() => [...(5 as unknown as number[])])],
    ['JSON', caught(() => JSON.parse('{'))],
    ['a typed array that is out of place', caught(() => new Float32Array(new ArrayBuffer(8), 3))],
    ['half a character in an address', caught(() => encodeURIComponent('\ud800.png'))],
    ['a bare object', { code: 5 }],
    ['nothing', undefined],
    ['null', null],
    ['a fetch', new Error('Failed to fetch http://127.0.0.1:7878/worker/files/secret')],
    ['a text with an object in it', new Error('Could not load [object Object]')],
  ])('puts nothing of the engine’s into a sentence: %s', (_, error) => {
    for (const final of [true, false]) {
      const failure = failureOf(error, 'The mesh “Cube” cannot be loaded', final);
      expect(failure.message).toMatch(/^The mesh “Cube” cannot be loaded[:,] .+\.$/);
      expect(failure.message).not.toMatch(/undefined|null|\[object|is not a |Cannot read|http|secret|JSON|URI/);
      expect(failure.final).toBe(final);
    }
  });

  it('tells of a lack of memory', () => {
    const error = caught(() => new Float32Array(2 ** 40));
    expect(failureOf(error, 'The mesh cannot be loaded', true).message).toBe(
      'The mesh cannot be loaded: it takes more memory than a render page may have.',
    );
  });

  it('keeps a sentence that is one', () => {
    const failure = new RenderFailure('No light.', false);
    expect(failureOf(failure, 'The scene cannot be loaded', true)).toBe(failure);
    expect(
      failureOf(new Error('THREE.KTX2Loader: Unknown Basis encoding'), 'The image cannot be decoded', true).message,
    ).toBe('The image cannot be decoded: Unknown Basis encoding.');
  });
});

describe('quoted', () => {
  it('keeps names short, on one line and without what steers a terminal', () => {
    expect(quoted('a\n\u001b[31mb\u202e')).toBe('“a [31mb”');
    expect(quoted('x'.repeat(500)).length).toBeLessThan(90);
  });
});
