import { expect, test } from 'vitest';
import { createBatchBuffer } from '../../../../src/addon/prometheus/outputs/batch-buffer';

test('the oldest batches give way, the newest is kept whatever its size', () => {
  const buffer = createBatchBuffer(10);
  const batches = ['aaaa', 'bbbb', 'cccc'].map((text) => Buffer.from(text));
  for (const batch of batches) buffer.add(batch);
  expect(String(buffer.first())).toBe('bbbb');
  expect(buffer.dropped).toBe(1);
  buffer.remove(batches[1]!);
  // Not the oldest any more.
  buffer.remove(batches[1]!);
  expect(String(buffer.first())).toBe('cccc');
  buffer.add(Buffer.alloc(100));
  expect(buffer.first()).toHaveLength(100);
  expect(buffer.dropped).toBe(2);
  buffer.remove(buffer.first()!);
  expect(buffer.first()).toBeUndefined();
});
