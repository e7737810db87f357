import { describe, expect, it } from 'vitest';
import { createFrameReader, headOf, packMessage, textLengthOf, unpackMessage } from '../../src/shared/framed-messages';

const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const framed = (frame: Uint8Array): Uint8Array => joined([headOf(frame.length), frame]);
const anything = (): boolean => true;
const unpack = (frame: Uint8Array): unknown => unpackMessage(frame, anything);

describe('frames', () => {
  const frames = [[], [1], [2, 3], Array.from({ length: 200_000 }, (_, n) => n % 251), [4]].map((bytes) =>
    Uint8Array.from(bytes),
  );
  const stream = joined(frames.map(framed));

  it.each([1, 3, 4, 5, 65_536, stream.length])('are the same from chunks of %i bytes', (size) => {
    const taken: Uint8Array[] = [];
    const read = createFrameReader({ begin: anything, take: (frame) => taken.push(frame) });
    for (let at = 0; at < stream.length; at += size) read(stream.subarray(at, at + size));
    expect(taken.map(({ length }) => length)).toEqual(frames.map(({ length }) => length));
    expect(taken.every((frame, index) => Buffer.from(frame).equals(frames[index]!))).toBe(true);
  });

  it.each([1, 7, 100_000])('are left out where nobody wants them, in chunks of %i bytes', (size) => {
    const taken: number[] = [];
    const read = createFrameReader({ begin: (length) => length < 3, take: ({ length }) => taken.push(length) });
    for (let at = 0; at < stream.length; at += size) read(stream.subarray(at, at + size));
    expect(taken).toEqual([0, 1, 2, 1]);
  });

  it('take memory for what has come, whatever length is claimed', () => {
    const before = process.memoryUsage().arrayBuffers;
    const read = createFrameReader({ begin: anything, take: () => expect.unreachable() });
    read(headOf(0xffff_ffff));
    for (let count = 0; count < 1_000; count++) read(new Uint8Array([1]));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8e6);
  });
});

describe('a message', () => {
  it('comes back with its byte arrays', () => {
    const message = {
      type: 'answer',
      text: 'ü\ud800🎞',
      none: null,
      list: [1.5, true, { body: Buffer.from([1, 2]) }],
      empty: new Uint8Array(),
      large: new Uint8Array(1_000).fill(7),
    };
    expect(unpack(joined(packMessage(message)))).toEqual({
      ...message,
      list: [1.5, true, { body: new Uint8Array([1, 2]) }],
    });
  });

  it('has no fields without a value, and keeps what looks like a mark where it has no bytes', () => {
    expect(unpack(joined(packMessage({ given: undefined, own: { $bytes: 0 } })))).toEqual({ own: { $bytes: 0 } });
  });

  it('tells the length of its text', () => {
    expect(textLengthOf(joined(packMessage({ a: 1 })))).toBe('{"message":{"a":1},"bytes":[]}'.length);
  });

  const withText = (text: string, ...rest: number[]): Uint8Array =>
    joined([headOf(text.length), Buffer.from(text), Uint8Array.from(rest)]);
  it.each([
    ['nothing', new Uint8Array()],
    ['half a head', new Uint8Array([0, 0, 0])],
    ['a text longer than the frame', withText('{}').subarray(0, 5)],
    ['no JSON', withText('{')],
    ['no envelope', withText('null')],
    ['no list of lengths', withText('{"message":1}')],
    ['a length that is negative', withText('{"message":1,"bytes":[-1]}', 1)],
    ['a length that is no whole number', withText('{"message":1,"bytes":[0.5]}', 1)],
    ['more bytes than there are', withText('{"message":1,"bytes":[2]}', 1)],
    ['a text that never ends its lists', withText('['.repeat(1_000_000))],
  ])('is none with %s', (_name, frame) => {
    expect(() => unpack(frame)).toThrow(Error);
  });

  it('is not gone through where that is not wanted', () => {
    const deep = `{"message":${'['.repeat(100_000)}${']'.repeat(100_000)},"bytes":[1]}`;
    expect(unpackMessage(withText(deep, 1), () => false)).toBeNull();
  });
});
