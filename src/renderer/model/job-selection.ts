/** The jobs that a command is for, where there are several; else it is for the one that is shown. */
export interface JobSelection {
  readonly ids: ReadonlySet<number>;
  /** Where a range begins. */
  readonly anchor: number | null;
}
export const NO_SELECTION: JobSelection = { ids: new Set(), anchor: null };

/** Whether several jobs are selected: one alone is the one that is shown. */
export function isMultiple({ ids }: JobSelection): boolean {
  return ids.size > 1;
}

/**
 * Takes a job in or out, as Ctrl and a click do.
 *
 * @param shown the job that counts as selected while there are not several
 */
export function toggleSelected(selection: JobSelection, id: number, shown: number | null): JobSelection {
  const ids = new Set(isMultiple(selection) ? selection.ids : shown === null ? [] : [shown]);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/**
 * All jobs from the anchor to one, as Shift and a click do.
 *
 * @param listed in the order of the list
 * @param shown the anchor while there is no other
 */
export function selectRange(
  selection: JobSelection,
  id: number,
  listed: readonly number[],
  shown: number | null,
): JobSelection {
  const anchor = isMultiple(selection) ? selection.anchor : shown;
  const [from, to] = [anchor === null ? -1 : listed.indexOf(anchor), listed.indexOf(id)];
  if (from === -1 || to === -1) return { ids: new Set([id]), anchor: id };
  return { ids: new Set(listed.slice(Math.min(from, to), Math.max(from, to) + 1)), anchor };
}

/** The selection without the jobs that are listed no more: nothing happens to what cannot be seen. */
export function keepListed(selection: JobSelection, listed: ReadonlySet<number>): JobSelection {
  const left = [...selection.ids].filter((id) => listed.has(id));
  if (left.length === selection.ids.size) return selection;
  const { anchor } = selection;
  return { ids: new Set(left), anchor: anchor !== null && listed.has(anchor) ? anchor : null };
}
