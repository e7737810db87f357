import { appendFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outputFile } from '../../../../src/main/engines/blender/output-file';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('gives each line once, and the last one without its end when it is closed', () => {
  const lines: string[] = [];
  const file = outputFile(join(temporaryFolder(), 'output'), (line) => lines.push(line));
  writeSync(file.descriptor, 'one\ntw');
  file.read();
  expect(lines).toEqual(['one']);
  writeSync(file.descriptor, 'o\nthree');
  file.read();
  file.read();
  expect(lines).toEqual(['one', 'two']);
  file.close();
  file.close();
  expect(lines).toEqual(['one', 'two', 'three']);
});

it('reads the last of what is too much, and does not let the file grow for ever', () => {
  const path = join(temporaryFolder(), 'output');
  let count = 0;
  let last = '';
  const file = outputFile(path, (line) => {
    count++;
    last = line;
  });
  const line = `${'x'.repeat(1_023)}\n`;
  for (let number = 1; number <= 20; number++) {
    appendFileSync(path, line.repeat(2_048) + `line ${number}\n`);
    file.read();
    expect(last).toBe(`line ${number}`);
  }
  expect(count).toBeLessThan(20 * 1_100);
  expect(statSync(path).size).toBeLessThan(20 << 20);
  file.close();
});
