import { expect, it } from 'vitest';
import { splitLines } from '../../../../src/main/engines/blender/line-splitter';

function split(chunks: Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

it('joins the pieces of a line, letters of several bytes among them', () => {
  const bytes = Buffer.from('Fra:1 Säule\nSaved: x\r\nlast');
  expect(split([...bytes].map((byte) => Buffer.from([byte])))).toEqual(
    expect.arrayContaining(['Fra:1 Säule', 'Saved: x', 'last']),
  );
  expect(split([bytes])).toEqual(['Fra:1 Säule', 'Saved: x', 'last']);
});

it('cuts a line that has no end', () => {
  const lines = split([...Array.from({ length: 100 }, () => Buffer.alloc(1_000, 'x')), Buffer.from('\nnext\n')]);
  expect(lines.map((line) => line.length)).toEqual([2_000, 4]);
});
