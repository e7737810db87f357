import { useApp } from '../app-context';
import { Dialog } from '../controls/dialog';
import './small-dialogs.css';

const SHORTCUTS: readonly (readonly [string, string])[] = [
  ['Ctrl + O', 'Open a scene'],
  ['F3', 'Search for what can be run, operators of add-ons too'],
  ['F12', 'Render the current frame'],
  ['Ctrl + F12', 'Render the animation'],
  ['Esc', 'Cancel the render; in a field, restore its value'],
  ['Ctrl + ,', 'Preferences'],
  ['Ctrl + Q', 'Quit, in the desktop app'],
  ['F6', 'Go to the next area of the window'],
  ['Ctrl + Page Down, Page Up', 'Next or previous workspace; some browsers keep these keys for their own tabs'],
  ['Ctrl + Z', 'Undo what was cancelled, deleted or moved last, while its message is there'],
  ['Ctrl + F', 'Search the queue'],
  ['Ctrl + G', 'Go to what is rendering'],
  ['↑ ↓', 'In the queue: the job above or below; Home and End for the first and last'],
  ['Shift + ↑ ↓', 'In the queue: select several jobs; Ctrl + A selects all that are listed'],
  ['Ctrl + ↑ ↓, Enter', 'In the queue: go on without selecting; take the job in or out'],
  ['← →', 'In the queue: fold or unfold a row'],
  ['Alt + ↑ ↓', 'In the queue: move jobs up or down, once more to the next priority; with Home and End to either end'],
  ['F2', 'In the queue: edit the job'],
  ['Del', 'In the queue: delete jobs, after asking'],
  ['Shift + F10', 'In the queue: open the job’s menu'],
  ['← →', 'In the timeline: one frame back or forward; ten with Shift'],
  ['Page Up, Page Down', 'In the timeline: ten frames back or forward'],
  ['Home, End', 'In the timeline: first or last frame'],
  ['← →', 'In the statistics: move the cursor through time; Esc hides it'],
  ['↑ ↓', 'In a number: one up or down; ten with Shift'],
  ['Enter', 'Apply a field'],
];

export function ShortcutsDialog() {
  const { actions } = useApp();
  return (
    <Dialog title="Keyboard Shortcuts" size="medium" onClose={() => actions.showDialog(null)}>
      <dl className="shortcuts scroll">
        {SHORTCUTS.map(([keys, what]) => (
          <div className="shortcut" key={what}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
