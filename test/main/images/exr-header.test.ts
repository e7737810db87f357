import { describe, expect, it } from 'vitest';
import { readExr } from '../../../src/main/images/exr-header';
import { sourceOf } from '../../../src/main/images/image-source';
import { makeExr, slope } from '../../helpers/image-files';

const whole = makeExr(8, 8, slope(8, 8));
const [magic, rest] = [whole.subarray(0, 8), whole.subarray(8)];

function attribute(name: string, type: string, value: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32LE(value.length);
  return Buffer.concat([Buffer.from(`${name}\0${type}\0`), size, value]);
}

const withAttributes = (attributes: readonly Buffer[]): Buffer => Buffer.concat([magic, ...attributes, rest]);

describe('readExr', () => {
  it('reads over attributes that it has no use for', async () => {
    let longest = 0;
    const bytes = withAttributes([attribute('manifest', 'string', Buffer.alloc(1 << 20))]);
    const source = sourceOf(bytes);
    const { parts } = await readExr({
      size: bytes.length,
      read: (offset, length) => {
        longest = Math.max(longest, length);
        return source.read(offset, length);
      },
    });
    expect(parts).toHaveLength(1);
    expect(longest).toBeLessThan(1_024);
  });

  it('refuses more attributes than any image has, whatever they are called', async () => {
    const one = attribute('a', 'int', Buffer.alloc(0));
    await expect(readExr(sourceOf(withAttributes(Array.from({ length: 70_000 }, () => one))))).rejects.toThrow(
      'header is damaged',
    );
  });

  it('refuses more channels than any image has', async () => {
    const channels = Array.from({ length: 60_000 }, (_, index) => {
      const type = Buffer.alloc(16);
      type.writeInt32LE(1, 0);
      type.writeInt32LE(1, 8);
      type.writeInt32LE(1, 12);
      return Buffer.concat([Buffer.from(`${index}\0`), type]);
    });
    await expect(
      readExr(
        sourceOf(withAttributes([attribute('channels', 'chlist', Buffer.concat([...channels, Buffer.alloc(1)]))])),
      ),
    ).rejects.toThrow('header is damaged');
  });
});
