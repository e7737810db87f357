import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type Column, cut, layoutOf, table } from '../../../src/main/cli/table';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly note: string;
}
const columns: readonly Column<Row>[] = [
  { title: 'ID', text: (row) => String(row.id), align: 'right' },
  { title: 'Name', text: (row) => row.name, least: 6 },
  { title: 'Empty', text: () => '' },
  { title: 'Note', text: (row) => row.note, colour: () => 'red', least: 6 },
];
const rows: readonly Row[] = [
  { id: 7, name: 'shot', note: 'no camera' },
  { id: 12, name: '長い名前のショット', note: 'a sentence that says at some length what is wrong' },
];

describe('a table', () => {
  it('aligns its columns and leaves out those that are empty', () => {
    expect(table(rows, columns, { columns: null, colours: false })).toEqual([
      'ID  Name                Note',
      ' 7  shot                no camera',
      '12  長い名前のショット  a sentence that says at some length what is wrong',
    ]);
  });

  it.each([80, 60, 40, 30])('fits into %i columns, cutting the widest', (width) => {
    const lines = table(rows, columns, { columns: width, colours: false });
    for (const line of lines) expect(stringWidth(line)).toBeLessThan(width);
    expect(lines.at(-1)).toMatch(width < 76 ? /…$/ : /wrong$/);
  });

  it('does not cut what may not be cut, however narrow the terminal', () => {
    expect(table(rows, columns, { columns: 5, colours: false })[1]).toBe(' 7  shot    no ca…');
  });

  it('is coloured without counting the colours’ codes as width', () => {
    const painted = table(rows, columns, { columns: 40, colours: true });
    const plain = table(rows, columns, { columns: 40, colours: false });
    expect(painted[1]).toContain('\u001b[31mno camera\u001b[39m');
    // eslint-disable-next-line no-control-regex
    expect(painted.map((line) => line.replaceAll(/\u001b\[\d+m/g, '').trimEnd())).toEqual(plain);
  });

  it('does not let a name steer the terminal', () => {
    expect(table([{ id: 1, name: 'a\u001b[2Jb\nc', note: '' }], columns, { columns: null, colours: false })[1]).toBe(
      ' 1  a [2Jb c',
    );
  });
});

it('a text is cut between characters as people see them', () => {
  expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…');
  expect(cut('short', 5)).toBe('short');
});

it('only a terminal has a width and colours', () => {
  expect(layoutOf({ isTTY: true, columns: 100 }, {})).toEqual({ columns: 100, colours: true });
  expect(layoutOf({ isTTY: true, columns: 100 }, { NO_COLOR: '1' })).toEqual({ columns: 100, colours: false });
  expect(layoutOf({ isTTY: undefined as unknown as boolean, columns: 100 }, {})).toMatchObject({ columns: null });
});
