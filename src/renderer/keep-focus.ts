import { useEffect } from 'react';

/** What has or had the focus, with all around it, innermost first. */
interface Focused {
  readonly element: HTMLElement;
  readonly around: readonly Element[];
  /** The dialog or menu that it stands in; null for the window itself. */
  readonly layer: Element | null;
}

const LAYERS = 'dialog, .popup-menu';
const FOCUSABLE =
  ':is(a[href], button, input, select, textarea, [tabindex]):not(:disabled, [tabindex="-1"], [type="hidden"])';

/**
 * Keeps the focus in the window where what had it goes away: a row, a message or its button, a machine whose menu
 * opened a dialog. Browsers leave it on the page's body then, and Tab begins anew at the window's top. Whoever lets go
 * of it (a press beside everything, Esc in a field) has let go.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    /** One for each layer, the topmost last. */
    let trail: Focused[] = [];
    let frame = 0;
    const restore = (): void => {
      frame = 0;
      if (document.activeElement !== document.body) return;
      trail = trail.filter(({ layer }) => layer === null || layer.isConnected);
      for (const one of trail.toReversed()) if (focusNear(one)) return;
    };
    const onLoss = (): void => {
      // Not at once: dialogs, menus and the queue know better where it belongs.
      if (frame === 0 && document.activeElement === document.body && trail.length > 0)
        frame = requestAnimationFrame(restore);
    };
    const onFocus = ({ target }: FocusEvent): void => {
      if (!(target instanceof HTMLElement)) return;
      const layer = target.closest(LAYERS);
      const around: Element[] = [];
      for (let next = target.parentElement; next !== null && next !== document.body; next = next.parentElement)
        around.push(next);
      trail = [...trail.filter((one) => one.layer !== layer), { element: target, around, layer }];
    };
    const onBlur = ({ target, relatedTarget }: FocusEvent): void => {
      if (relatedTarget !== null || !(target instanceof HTMLElement)) return;
      // It is told before an element is taken out: whether it was, is seen afterwards.
      queueMicrotask(() => {
        if (!target.isConnected || document.activeElement !== document.body) return;
        if (target.matches(':disabled')) onLoss();
        else trail = trail.filter(({ element }) => element !== target);
      });
    };
    document.addEventListener('focusin', onFocus, { signal });
    document.addEventListener('focusout', onBlur, { signal });
    const removals = new MutationObserver(onLoss);
    removals.observe(document.body, { childList: true, subtree: true });
    return () => {
      stop.abort();
      removals.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);
}

/** Focuses an element, or what is nearest to where it stood. @returns whether there was anything */
function focusNear({ element, around }: Focused): boolean {
  if (takesFocus(element)) return true;
  const label = element.title;
  for (const place of around) {
    if (!place.isConnected) continue;
    const there = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)];
    // Of the next row the same button, so that one after the other can be dismissed.
    const same = label === '' ? [] : there.filter(({ title }) => title === label);
    if ([...same, ...there].some(takesFocus)) return true;
  }
  return false;
}

function takesFocus(element: HTMLElement): boolean {
  if (!element.isConnected || !element.checkVisibility({ visibilityProperty: true })) return false;
  // A list that is scrolled stays where it is: this is not what a person asked to see.
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}
