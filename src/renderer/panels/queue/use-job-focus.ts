import { useEffect, useRef, type FocusEvent, type RefObject } from 'react';

interface Options {
  /** The list's box. */
  box: RefObject<HTMLElement | null>;
  /** Ids in the order of the list. */
  listed: readonly number[];
  /** The job that had the focus last; null for none. */
  focused: number | null;
  setFocused: (id: number) => void;
  /** Has a job drawn. */
  scrollTo: (id: number) => void;
}

/** Keeps the focus within the list: it goes to jobs that are yet to be drawn, and on from one that is listed no more. */
export function useJobFocus({ box, listed, focused, setFocused, scrollTo }: Options) {
  /** Focus goes to this job once it is drawn. */
  const wanted = useRef<number | null>(null);
  /** Whether the focus is in the list, or in a dialog or menu that gives it back. */
  const inside = useRef(false);
  const giveFocus = (): void => {
    // A row that is drawn as another element, say as a card, takes the focus with it.
    const lost = inside.current && document.activeElement === document.body ? focused : null;
    const id = wanted.current ?? lost;
    const button = id === null ? null : box.current?.querySelector<HTMLElement>(`[data-job="${id}"] .job-select`);
    if (!button) return;
    // What only lost it is not what a person asks to see.
    button.focus({ preventScroll: wanted.current === null });
    wanted.current = null;
  };
  useEffect(giveFocus);
  const focusJob = (id: number): void => {
    wanted.current = id;
    setFocused(id);
    scrollTo(id);
    // It may have been focused last: then nothing is drawn anew.
    giveFocus();
  };

  const before = useRef(listed);
  useEffect(() => {
    const at = focused === null ? -1 : before.current.indexOf(focused);
    const next = listed[Math.min(at, listed.length - 1)];
    const gone = at !== -1 && !listed.includes(focused!);
    before.current = listed;
    if (gone && next !== undefined && inside.current && document.querySelector('dialog[open]') === null) focusJob(next);
    // Only what is listed takes a job away.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [listed]);

  return {
    focusJob,
    /** Gives a job the focus that is about to be drawn anew. */
    refocus(id: number): void {
      wanted.current = id;
    },
    listeners: {
      onFocus({ target }: FocusEvent): void {
        const row = target.closest('[data-job]');
        // Headings go when they are scrolled away, and leave the focus to nobody.
        inside.current = row !== null;
        if (row) setFocused(Number(row.getAttribute('data-job')));
      },
      onBlur({ currentTarget, relatedTarget }: FocusEvent): void {
        inside.current =
          relatedTarget === null
            ? !document.hasFocus()
            : currentTarget.contains(relatedTarget) || relatedTarget.closest('dialog, [role="menu"]') !== null;
      },
    },
  };
}
