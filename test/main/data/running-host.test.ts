import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { announcedHost } from '../../../src/main/data/announced-host';
import { accessTokens, announceHost } from '../../../src/main/data/running-host';
import { temporaryFolder } from '../../helpers/temporary-folder';

const LONG = 'x'.repeat(16);

describe('tokens', () => {
  it('are made once and kept, or are the person’s own', async () => {
    const folder = temporaryFolder();
    const made = await accessTokens(folder, {});
    expect(made.control).toMatch(/^[\w-]{32}$/);
    expect(await accessTokens(folder, {})).toEqual(made);
    writeFileSync(join(folder, 'read-token'), 'chosen-by-a-person\n');
    expect(await accessTokens(folder, { FRAMEGAUGE_TOKEN: LONG })).toEqual({
      control: LONG,
      read: 'chosen-by-a-person',
    });
  });

  it.skipIf(process.platform === 'win32')('are no pipe, nor a huge file', async () => {
    const folder = temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'control-token')]);
    await expect(accessTokens(folder, {})).rejects.toThrow('is not a file');
    const other = temporaryFolder();
    writeFileSync(join(other, 'read-token'), LONG.repeat(10_000));
    await expect(accessTokens(other, {})).rejects.toThrow('has 160000 bytes, more than the 4096 that are read');
  });

  it.each([
    ['x'.repeat(15), /^FRAMEGAUGE_TOKEN has 15 characters and could be guessed: a token has at least 16\.$/],
    ['with blanks and long', /^FRAMEGAUGE_TOKEN has characters that a token cannot have: use letters/],
    ['x'.repeat(513), /at most 512/],
  ])('cannot be %s', async (token, sentence) => {
    const folder = temporaryFolder();
    await expect(accessTokens(folder, { FRAMEGAUGE_TOKEN: token })).rejects.toThrow(sentence);
    // The same in a file, which is left as the person wrote it.
    writeFileSync(join(folder, 'control-token'), token);
    await expect(accessTokens(folder, {})).rejects.toThrow(/^The token in .*control-token has /);
    expect(readFileSync(join(folder, 'control-token'), 'utf8')).toBe(token);
  });

  it('cannot be the same for both', async () => {
    await expect(
      accessTokens(temporaryFolder(), { FRAMEGAUGE_TOKEN: LONG, FRAMEGAUGE_READ_TOKEN: LONG }),
    ).rejects.toThrow(/are the same/);
  });
});

it('a host that is announced is one whose process is there', async () => {
  const folder = temporaryFolder();
  expect(announcedHost(folder)).toBeNull();
  const host = { pid: process.pid, url: 'http://127.0.0.1:1', token: LONG };
  await announceHost(folder, host);
  expect(announcedHost(folder)).toEqual(host);
  await announceHost(folder, { ...host, pid: 2 ** 22 + 1 });
  expect(announcedHost(folder)).toBeNull();
  writeFileSync(join(folder, 'host.json'), '{');
  expect(announcedHost(folder)).toBeNull();
});
