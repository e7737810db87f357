/** One measured figure. */
export interface Row {
  readonly what: string;
  readonly value: string;
  /** The target; empty where there is none. */
  readonly goal: string;
  /** The absolute figures behind a ratio. */
  readonly detail?: string;
}

/** Prints figures as a table. */
export function report(rows: readonly Row[]): void {
  const width = (pick: (row: Row) => string): number => Math.max(...rows.map((row) => pick(row).length));
  const [what, value, goal] = [width((row) => row.what), width((row) => row.value), width((row) => row.goal)];
  for (const row of rows)
    console.log(
      `${row.what.padEnd(what)}  ${row.value.padStart(value)}  ${row.goal.padEnd(goal)}  ${row.detail ?? ''}`.trimEnd(),
    );
}
