import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isJournal } from '../../../src/main/cli/journal';
import { BIN, runCli } from '../../helpers/cli';
import { eventually } from '../../helpers/eventually';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('knows the stream that systemd names, and no other', () => {
  const file = openSync(join(temporaryFolder(), 'stream'), 'w');
  onTestFinished(() => closeSync(file));
  const { dev, ino } = fstatSync(file, { bigint: true });
  expect(isJournal(file, { JOURNAL_STREAM: `${dev}:${ino}` })).toBe(true);
  for (const named of [undefined, '', 'x:y', `${dev}:${ino + 1n}`, `${dev + 1n}:${ino}`, `${dev}:${ino}:1`])
    expect(isJournal(file, { JOURNAL_STREAM: named })).toBe(false);
  expect(isJournal(9_999, { JOURNAL_STREAM: `${dev}:${ino}` })).toBe(false);
});

it('a host whose output goes to the journal keeps its token out of it, and a terminal gets the address', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  for (const stream of ['stdout', 'stderr'] as const) {
    const journal = openSync(join(folder, stream), 'w');
    onTestFinished(() => closeSync(journal));
    const { dev, ino } = fstatSync(journal);
    const host = spawn(process.execPath, [BIN, 'serve', '--port', '0', '--data', data], {
      stdio: ['ignore', stream === 'stdout' ? journal : 'pipe', journal],
      env: { ...process.env, FRAMEGAUGE_TOKEN: undefined, JOURNAL_STREAM: `${dev}:${ino}` },
    });
    const closed = once(host, 'close');
    let out = '';
    host.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    const printed = (): string => out + readFileSync(join(folder, stream), 'utf8');
    await eventually('the host', async () => (printed().includes('Press Ctrl+C') ? true : null), 60_000);
    const token = readFileSync(join(data, 'control-token'), 'utf8').trim();
    const terminal = await runCli(['serve', '--port', '0', '--data', data], { FRAMEGAUGE_TOKEN: undefined });
    host.kill('SIGTERM');
    await closed;
    expect(terminal.stderr).toMatch(new RegExp(`/#token=${token} `));
    expect(printed()).toContain(`the token is in ${join(data, 'control-token')}, and does not go into the journal`);
    expect(printed()).not.toContain(token);
  }
});
