import { useEffect, useMemo } from 'react';
import { flushSync } from 'react-dom';
import { keyNameOf } from '../shared/key-names';
import { useApp, type App } from './app-context';
import { isAreaShown, shownJob, type AppState } from './app-store';
import { COMMAND_LIST, isTyping, pressedKeys, runsNow, type Command, type MenuCommand } from './command-list';
import { AREA_IDS, type AreaId } from './model/area-sizes';
import { isMultiple } from './model/job-selection';
import { chosenKeys, operatorKeys } from './model/operator-keys';

/** Whether a dialog has the keyboard to itself: one of the window, or one that an area keeps to itself. */
export const hasDialog = ({ dialog, folderQuestion, consent }: AppState): boolean =>
  dialog !== null || folderQuestion !== null || consent !== null || document.querySelector('dialog[open]') !== null;

/** What a command does, for menus, keys and search. */
export function runCommand({ actions, client, store }: App, command: MenuCommand): void {
  switch (command) {
    case 'open':
      return void actions.chooseScene();
    case 'reload-scene':
      return void actions.reloadScene();
    case 'render-image':
      return void actions.renderImage();
    case 'render-animation':
      return void actions.renderAnimation();
    case 'cancel':
      return void actions.cancelRendering();
    case 'play':
      return actions.playInSight();
    case 'pause-queue':
      return void actions.pauseQueue('now');
    case 'resume-queue':
      return void actions.resumeQueue();
    case 'preferences':
      return actions.showDialog('preferences');
    case 'about':
      return actions.showDialog('about');
    case 'show-render':
      return actions.showWorkspace('render');
    case 'show-statistics':
      return actions.showWorkspace('statistics');
    case 'show-machines':
      return actions.showWorkspace('machines');
    case 'next-workspace':
      return actions.stepWorkspace(1);
    case 'previous-workspace':
      return actions.stepWorkspace(-1);
    case 'next-area':
      return focusNextArea(1);
    case 'previous-area':
      return focusNextArea(-1);
    case 'toggle-properties':
      return actions.toggleProperties();
    case 'maximize-area':
      return actions.maximize(store.getState().maximized === null ? areaAtHand() : null);
    case 'shortcuts':
      return actions.showDialog('shortcuts');
    case 'search':
      return actions.showDialog('search');
    case 'search-jobs':
      return actions.searchJobs();
    case 'go-to-rendering':
      return actions.goToRendering();
    case 'clear-finished':
      return actions.askToClearFinished();
    case 'undo':
      return actions.undo();
    case 'quit':
      return void client.quit?.();
  }
}

/** Whether what is typed goes into a text. */
export function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select')
  );
}

function commandOf(event: KeyboardEvent): Command | null {
  const keys = pressedKeys(event);
  // In a field Ctrl+Z takes back what was typed.
  if ((isTyping(keys) || keys === 'Ctrl+Z') && takesText(event.target)) return null;
  return COMMAND_LIST.find((command) => command.keys === keys) ?? null;
}

/**
 * Ends the search of the queue that the focus is in, or the selection of several jobs or frames that is in sight.
 *
 * @returns whether there was one
 */
function endSearchOrSelection({ store, actions }: App): boolean {
  const state = store.getState();
  const frames = state.selectedFrames;
  if (isMultiple(state.selection) && isAreaShown(state, 'queue')) actions.clearSelection();
  else if (frames !== null && frames.job === shownJob(state)?.id && isAreaShown(state, 'timeline'))
    actions.clearFrames();
  else if (state.filter.text !== '' && document.activeElement?.closest('.queue'))
    actions.setFilter({ text: '', open: false });
  else return false;
  return true;
}

/** The commands that there are here. */
export function offeredCommands({ client }: Pick<App, 'client'>): readonly Command[] {
  // A browser's own tabs and windows are none of ours to end.
  return client.quit === null ? COMMAND_LIST.filter(({ command }) => command !== 'quit') : COMMAND_LIST;
}

/** Tells whether a button of a pointer is held, or a finger is down, until `signal` aborts. */
function watchPointer(signal: AbortSignal): () => boolean {
  let held = false;
  const look = ({ buttons }: PointerEvent): void => {
    held = buttons !== 0;
  };
  const over = (): void => {
    held = false;
  };
  for (const type of ['pointerdown', 'pointermove', 'pointerup'] as const)
    window.addEventListener(type, look, { capture: true, signal });
  window.addEventListener('pointercancel', over, { capture: true, signal });
  // The window's own: that of an element, which a press takes the focus from, does not bubble.
  window.addEventListener('blur', over, { signal });
  return () => held;
}

/** Binds the keys (Blender's) to the commands, for as long as the app is drawn. */
export function useCommands(): void {
  const app = useApp();
  useEffect(() => {
    const stop = new AbortController();
    const pointerHeld = watchPointer(stop.signal);
    /** The field in which the last key began a render, until anything else is done. */
    let renderedFrom: Element | null = null;
    window.addEventListener('pointerdown', () => (renderedFrom = null), { capture: true, signal: stop.signal });
    const onKey = (event: KeyboardEvent): void => {
      const found = commandOf(event);
      const field = renderedFrom;
      if (!event.repeat) renderedFrom = null;
      if (found === null && runOperatorOf(app, event)) return;
      if (
        found === null ||
        !offeredCommands(app).includes(found) ||
        event.defaultPrevented ||
        event.repeat ||
        event.isComposing
      )
        return;
      const { command } = found;
      // Out of a field Esc only leads back to the window: a render is not to be lost to a slip. Right after it was begun there,
      // it is meant.
      if (command === 'cancel' && takesText(event.target) && event.target !== field) {
        (event.target as HTMLElement).blur();
        return;
      }
      // A dialog has the keyboard to itself; only the browser's meaning of the key is taken away.
      const inDialog = hasDialog(app.store.getState());
      if (!(inDialog && command === 'cancel')) event.preventDefault();
      if (inDialog && command !== 'quit') return;
      // Who presses Esc in the middle of a drag means the drag.
      if (command === 'cancel' && pointerHeld()) return;
      // What is selected or searched for is let go of before a render is.
      if (command === 'cancel' && endSearchOrSelection(app)) return;
      // What is typed counts.
      const typedIn = command.startsWith('render') ? applyTyped() : null;
      if (!runsNow(found, app.store.getState())) return;
      runCommand(app, command);
      renderedFrom = typedIn;
    };
    window.addEventListener('keydown', onKey, { signal: stop.signal });
    return () => stop.abort();
  }, [app]);
}

/** Applies what is typed into the field that has the focus, as leaving it does. @returns the field, which keeps the focus */
function applyTyped(): Element | null {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) return null;
  // Drawn before the field is entered anew: what it has then is what Esc brings back.
  flushSync(() => field.blur());
  field.focus({ preventScroll: true });
  return field;
}

/** Runs the operator of a key. @returns whether there is one */
function runOperatorOf({ store, actions }: App, event: KeyboardEvent): boolean {
  const { model } = store.getState();
  const name = keyNameOf(event);
  const operators = model.host?.operators ?? [];
  if (name === null || operators.length === 0 || event.defaultPrevented || event.isComposing) return false;
  const keys = operatorKeys(operators, chosenKeys(model.host?.preferences));
  const operator = operators.find(({ id }) => keys.get(id)?.key === name);
  if (!operator) return false;
  event.preventDefault();
  // A dialog has the keyboard to itself.
  if (!hasDialog(store.getState()) && !event.repeat) actions.openOperator(operator);
  return true;
}

/** The area under the pointer, as in Blender; else the one that has the focus, else the image. */
function areaAtHand(): AreaId {
  const isAt = (state: string) => (area: AreaId) => document.querySelector(`.render-workspace .${area}:${state}`);
  return AREA_IDS.find(isAt('hover')) ?? AREA_IDS.find(isAt('focus-within')) ?? 'viewer';
}

/** Moves focus to the first thing in the next area, as F6 does in most programs that have areas. */
function focusNextArea(by: 1 | -1): void {
  const areas = [...document.querySelectorAll('[data-area]')].filter((area) => focusable(area) !== null);
  const here = areas.findIndex((area) => area.contains(document.activeElement));
  const next = here === -1 ? (by === 1 ? 0 : -1) : (here + by) % areas.length;
  const area = areas.at(next);
  if (area) focusable(area)?.focus();
}

function focusable(area: Element): HTMLElement | null {
  return area.querySelector<HTMLElement>(
    '[role="slider"], button:not(:disabled, [tabindex="-1"]), input:not(:disabled), select, a[href]',
  );
}

/** Runs commands from a component. */
export function useRun(): (command: MenuCommand) => void {
  const app = useApp();
  return useMemo(() => (command: MenuCommand) => runCommand(app, command), [app]);
}
