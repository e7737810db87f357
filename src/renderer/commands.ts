import { useEffect, useMemo } from 'react';
import type { MenuCommand } from '../shared/desktop-bridge';
import { keyNameOf } from '../shared/key-names';
import { useApp, type App } from './app-context';
import { chosenKeys, operatorKeys } from './model/operator-keys';

/** What a command of the menus does, for menus of both kinds and for the keys. */
export function runCommand({ actions, client }: App, command: MenuCommand): void {
  switch (command) {
    case 'open':
      return void actions.chooseScene();
    case 'render-image':
      return void actions.renderImage();
    case 'render-animation':
      return void actions.renderAnimation();
    case 'cancel':
      return void actions.cancelRendering();
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

interface CommandEntry {
  readonly command: MenuCommand;
  readonly label: string;
  readonly menu: string;
  readonly keys: string | undefined;
  /** It asks the host to change something. */
  readonly changes: boolean;
}

const entry = (command: MenuCommand, label: string, menu: string, changes = false, keys?: string): CommandEntry => ({
  command,
  label,
  menu,
  keys,
  changes,
});

/** Every command, as the search shows it. */
export const COMMAND_LIST: readonly CommandEntry[] = [
  entry('open', 'Open', 'File', true, 'Ctrl+O'),
  entry('render-image', 'Render Image', 'Render', true, 'F12'),
  entry('render-animation', 'Render Animation', 'Render', true, 'Ctrl+F12'),
  entry('cancel', 'Cancel Rendering', 'Render', true, 'Esc'),
  entry('pause-queue', 'Pause Queue', 'Render', true),
  entry('resume-queue', 'Resume Queue', 'Render', true),
  entry('clear-finished', 'Clear Finished', 'Render', true),
  entry('go-to-rendering', 'Go to What Is Rendering', 'View', false, 'Ctrl+G'),
  entry('search-jobs', 'Search Queue', 'Edit', false, 'Ctrl+F'),
  entry('undo', 'Undo', 'Edit', true, 'Ctrl+Z'),
  entry('preferences', 'Preferences', 'Edit', false, 'Ctrl+,'),
  entry('show-render', 'Show Render', 'View'),
  entry('show-statistics', 'Show Statistics', 'View'),
  entry('about', 'About Framegauge', 'Help'),
  entry('quit', 'Quit', 'File', false, 'Ctrl+Q'),
];

function commandOf(event: KeyboardEvent): MenuCommand | null {
  const control = event.ctrlKey || event.metaKey;
  if (event.shiftKey || event.altKey) return null;
  if (event.key === 'F3' && !control) return 'search';
  if (event.key === 'F12') return control ? 'render-animation' : 'render-image';
  if (event.key === 'Escape' && !control) return 'cancel';
  if (control && event.key.toLowerCase() === 'o') return 'open';
  if (control && event.key.toLowerCase() === 'f') return 'search-jobs';
  if (control && event.key.toLowerCase() === 'g') return 'go-to-rendering';
  // In a field it takes back what was typed.
  if (control && event.key.toLowerCase() === 'z' && !(event.target instanceof HTMLInputElement)) return 'undo';
  if (control && event.key === ',') return 'preferences';
  if (control && event.key.toLowerCase() === 'q') return 'quit';
  return null;
}

/** Binds the keys (Blender's) and a native menu to the commands, for as long as the app is drawn. */
export function useCommands(): void {
  const app = useApp();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'F6' && app.store.getState().dialog === null) {
        event.preventDefault();
        focusNextArea(event.shiftKey ? -1 : 1);
        return;
      }
      if ((event.key === 'PageDown' || event.key === 'PageUp') && event.ctrlKey && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        if (app.store.getState().dialog === null) app.actions.stepWorkspace(event.key === 'PageDown' ? 1 : -1);
        return;
      }
      const command = commandOf(event);
      if (command === null && runOperatorOf(app, event)) return;
      // A browser's own tabs and windows are none of ours to end.
      if (
        command === null ||
        (command === 'quit' && app.client.quit === null) ||
        event.defaultPrevented ||
        event.repeat ||
        event.isComposing
      )
        return;
      // Out of a field Esc only leads back to the window; a render is not to be lost to a slip.
      if (
        command === 'cancel' &&
        event.target instanceof HTMLElement &&
        event.target.matches('input:not([type="checkbox"]), select')
      ) {
        event.target.blur();
        return;
      }
      // A dialog has the keyboard to itself; only the browser's meaning of the key is taken away.
      // What is typed counts, and the next Esc means the render.
      if (command.startsWith('render') && document.activeElement instanceof HTMLInputElement)
        document.activeElement.blur();
      const inDialog = app.store.getState().dialog !== null;
      if (!(inDialog && command === 'cancel')) event.preventDefault();
      if (!inDialog || command === 'quit') runCommand(app, command);
    };
    window.addEventListener('keydown', onKey);
    const stopMenu = app.client.onMenu((command) => {
      const known = COMMAND_LIST.find((one) => one.command === command);
      if (known) runCommand(app, known.command);
    });
    return () => {
      window.removeEventListener('keydown', onKey);
      stopMenu();
    };
  }, [app]);
}

/** Runs the operator of a key. @returns whether there is one */
function runOperatorOf({ store, actions }: App, event: KeyboardEvent): boolean {
  const { model, dialog } = store.getState();
  const name = keyNameOf(event);
  const operators = model.host?.operators ?? [];
  if (name === null || operators.length === 0 || event.defaultPrevented || event.isComposing) return false;
  const keys = operatorKeys(operators, chosenKeys(model.host?.preferences));
  const operator = operators.find(({ id }) => keys.get(id)?.key === name);
  if (!operator) return false;
  event.preventDefault();
  // A dialog has the keyboard to itself.
  if (dialog === null && !event.repeat) actions.openOperator(operator);
  return true;
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
