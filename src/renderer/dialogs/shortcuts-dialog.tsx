import { useApp } from '../app-context';
import { Dialog } from '../controls/dialog';
import './small-dialogs.css';

const SHORTCUTS: readonly (readonly [string, string])[] = [
  ['Ctrl + O', 'Open a scene'],
  ['F12', 'Render the current frame'],
  ['Ctrl + F12', 'Render the animation'],
  ['Esc', 'Cancel the job shown; in a field, bring back its value'],
  ['Ctrl + ,', 'Preferences'],
  ['F6', 'Go to the next area of the window'],
  ['Ctrl + Page Down, Page Up', 'Next or previous workspace; some browsers keep these keys for their own tabs'],
  ['↑ ↓', 'In the queue: the job above or below; Home and End for the first and last'],
  ['Alt + ↑ ↓', 'In the queue: move the job up or down; with Home and End to either end'],
  ['F2', 'In the queue: edit the job'],
  ['Del', 'In the queue: delete the job, after saying what would go'],
  ['Shift + F10', 'In the queue: what can be done with the job'],
  ['← →', 'In the timeline: one frame back or on, with Shift ten'],
  ['Page Up, Page Down', 'In the timeline: ten frames on or back'],
  ['Home, End', 'In the timeline: first or last frame'],
  ['← →', 'In the statistics: read the values at a time; Esc ends it'],
  ['↑ ↓', 'In a number: one up or down, with Shift ten'],
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
