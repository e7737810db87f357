import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgressView } from '../../../src/main/cli/progress';
import { createProgram } from '../../../src/main/cli/program';
import { paint, printable } from '../../../src/main/cli/table';
import { draw, guardTerminal, harmless, printJson } from '../../../src/main/cli/terminal';

/**
 * A title, a colour, a movement, a link, C1’s own introducer, a carriage return, and letters that turn the direction of
 * writing.
 */
const HOSTILE = [
  '\u001b]0;title\u0007',
  '\u001b[31mred',
  '\u001b[2J\u001b[1A',
  '\u001b]8;;http://evil\u001b\\link',
  '\u009b31m',
  'over\rwritten',
  '\u202egnp.exe',
  '\u2066\u2028\u0085\u007f',
];
// oxlint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

function terminal(isTTY: boolean): { printed: () => string; terminal: Parameters<typeof guardTerminal>[0] } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  const parts: string[] = [];
  stream.on('data', (data: Buffer) => parts.push(String(data)));
  const out = stream as unknown as NodeJS.WriteStream;
  return {
    printed: () => parts.join(''),
    terminal: { in: process.stdin, out, err: out, signal: new AbortController().signal },
  };
}

describe('what is printed', () => {
  it.each(HOSTILE)('never steers the terminal: %j', (text) => {
    for (const isTTY of [true, false]) {
      const { printed, terminal: given } = terminal(isTTY);
      guardTerminal(given).out.write(`before ${text} after\n\tnext line`);
      expect(printed()).not.toMatch(STEERING);
      expect(printed()).toMatch(/^before .* after\n\tnext line$/s);
    }
    expect(printable(`a ${text} b\nc`)).not.toMatch(/\n|\t/);
  });

  it('is drawn with our own colours and movements only', () => {
    const { printed, terminal: given } = terminal(true);
    const { out } = guardTerminal(given);
    draw(out, `\u001b[2A\u001b[J${paint(`job ${HOSTILE[0]!}`, 'red', { columns: 80, colours: true })}\n${HOSTILE[4]!}`);
    expect(printed()).toBe('\u001b[2A\u001b[J\u001b[31mjob  ]0;title \u001b[39m\n 31m');
    expect(out.isTTY).toBe(true);
    expect(out.columns).toBe(80);
  });

  it('is the same JSON, with what steers escaped', () => {
    const { printed, terminal: given } = terminal(false);
    printJson(guardTerminal(given), { name: HOSTILE });
    expect(printed()).not.toMatch(STEERING);
    expect(JSON.parse(printed())).toEqual({ name: HOSTILE });
  });

  it('is harmless in the view of a job', () => {
    const { printed, terminal: given } = terminal(true);
    const view = createProgressView(guardTerminal(given).out);
    view.note(`failed, ${HOSTILE.join(' ')}\nFrame 7: /images/7.png`);
    view.end();
    expect(printed()).not.toMatch(STEERING);
    expect(printed().trimEnd()).not.toContain('\n');
  });

  it('leaves ordinary text as it is', () => {
    for (const text of ['シーン – “é”\n\tזה', '👩‍👩‍👧', '']) expect(harmless(text)).toBe(text);
  });
});

it('an argument that nobody knows is repeated without what it holds', async () => {
  const { printed, terminal: given } = terminal(true);
  await expect(createProgram(given).parseAsync(['node', 'framegauge', `no-${HOSTILE[1]!}`])).rejects.toThrow();
  expect(printed()).toContain('no-');
  expect(printed()).not.toMatch(STEERING);
});
