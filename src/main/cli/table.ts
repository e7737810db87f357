import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { harmless } from './terminal';

/** Colours from the terminal's own palette. */
export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'gray' | 'bold';

/** Output options. */
export interface Layout {
  /** Width of the terminal; null where there is none and nothing is truncated. */
  readonly columns: number | null;
  readonly colours: boolean;
}

/**
 * Terminals get their full width, and colours unless `NO_COLOR` is set (no-color.org); a file or a pipe gets
 * untruncated text.
 */
export function layoutOf(
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  env: NodeJS.ProcessEnv = process.env,
): Layout {
  return { columns: out.isTTY ? (out.columns ?? 80) : null, colours: out.isTTY && !env['NO_COLOR'] };
}

export function paint(text: string, colour: Colour | null, { colours }: Layout): string {
  return colours && colour !== null && text !== ''
    ? styleText(colour, harmless(text), { validateStream: false })
    : text;
}

export interface Column<T> {
  readonly title: string;
  text(row: T): string;
  colour?(row: T): Colour | null;
  readonly align?: 'right';
  /** Minimum width to which it may be truncated on a narrow terminal. */
  readonly least?: number;
}

const GAP = '  ';

/**
 * Formats rows as a table. Columns that are empty in every row are omitted; on a narrow terminal those that may be
 * truncated are, the widest first.
 *
 * @returns lines, the header first
 */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], layout: Layout): string[] {
  const shown = columns
    .map((column) => ({ column, texts: rows.map((row) => printable(column.text(row))) }))
    .filter(({ texts }) => texts.some((text) => text !== ''));
  const widths = fit(
    shown.map(({ column, texts }) => ({
      wanted: texts.reduce((width, text) => Math.max(width, stringWidth(text)), stringWidth(column.title)),
      least: column.least,
    })),
    layout.columns,
  );
  const line = (cell: (index: number) => { text: string; colour: Colour | null }): string =>
    shown
      .map(({ column }, index) => {
        const { text, colour } = cell(index);
        const width = widths[index]!;
        const fitted = cut(text, width);
        const room = ' '.repeat(Math.max(0, width - stringWidth(fitted)));
        const painted = paint(fitted, colour, layout);
        return column.align === 'right' ? room + painted : painted + room;
      })
      .join(GAP)
      .trimEnd();
  const titles = line((index) => ({ text: shown[index]!.column.title, colour: 'gray' }));
  return [
    titles,
    ...rows.map((row, at) =>
      line((index) => ({ text: shown[index]!.texts[at]!, colour: shown[index]!.column.colour?.(row) ?? null })),
    ),
  ];
}

/** Column widths that fit into a terminal, if possible. */
function fit(
  columns: readonly { readonly wanted: number; readonly least?: number | undefined }[],
  available: number | null,
): number[] {
  const widths = columns.map((column) => column.wanted);
  if (available === null) return widths;
  let excess = widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - (available - 1);
  while (excess > 0) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      if (
        column.least !== undefined &&
        widths[index]! > column.least &&
        (widest < 0 || widths[index]! > widths[widest]!)
      )
        widest = index;
    }
    if (widest < 0) break;
    widths[widest]!--;
    excess--;
  }
  return widths;
}

/** Truncates a text to a number of columns, marked with …. */
export function cut(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const next = width + stringWidth(segment);
    if (next > columns - 1) break;
    kept += segment;
    width = next;
  }
  return `${kept.trimEnd()}…`;
}

/** File and scene names can contain anything: control characters and line breaks are shown as a blank. */
export function printable(text: string): string {
  return harmless(text).replaceAll(/[\n\t ]*[\n\t][\n\t ]*/g, ' ');
}
