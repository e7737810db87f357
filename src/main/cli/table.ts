import { styleText } from 'node:util';
import stringWidth from 'string-width';

/** Colours that a terminal's own palette decides. */
export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'gray' | 'bold';

/** How what is printed is to be laid out. */
export interface Layout {
  /** Columns of the terminal; null where there is none and nothing is cut. */
  readonly columns: number | null;
  readonly colours: boolean;
}

/** A terminal is filled, in colours unless `NO_COLOR` is set (no-color.org); a file or a pipe gets the whole text. */
export function layoutOf(
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  env: NodeJS.ProcessEnv = process.env,
): Layout {
  return { columns: out.isTTY ? (out.columns ?? 80) : null, colours: out.isTTY && !env['NO_COLOR'] };
}

export function paint(text: string, colour: Colour | null, { colours }: Layout): string {
  return colours && colour !== null && text !== '' ? styleText(colour, text, { validateStream: false }) : text;
}

export interface Column<T> {
  readonly title: string;
  text(row: T): string;
  colour?(row: T): Colour | null;
  readonly align?: 'right';
  /** It may be cut to so many columns when the terminal is narrow. */
  readonly least?: number;
}

const GAP = '  ';

/**
 * Lays rows out in columns. Columns that are empty in every row are left out; where the terminal is too narrow those that may be cut are, the widest first.
 *
 * @returns lines, the titles first
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

/** Widths of columns that fit into a terminal, if they can. */
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

/** Cuts a text to a number of columns, with … where something is missing. */
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

/** A name of a file or scene can hold anything: what would steer the terminal is shown as a blank. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
