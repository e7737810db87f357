import { msg, t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Dialog } from '../controls/dialog';
import { keyWords } from '../model/key-words';
import './small-dialogs.css';

const SHORTCUTS: readonly (readonly [string, string])[] = [
  ['Ctrl + O', msg('Open a scene')],
  ['F3', msg('Search for what can be run, operators of add-ons too')],
  ['F12', msg('Render the current frame')],
  ['Ctrl + F12', msg('Render the animation')],
  ['Esc', msg('Cancel the render; in a field, restore its value')],
  ['Ctrl + ,', msg('Preferences')],
  ['Ctrl + Q', msg('Quit, in the desktop app')],
  ['F6', msg('Go to the next area of the window')],
  ['Ctrl + Page Down, Page Up', msg('Next or previous workspace; some browsers keep these keys for their own tabs')],
  ['Ctrl + Z', msg('Undo what was cancelled, deleted or moved last, while its message is there')],
  ['Ctrl + F', msg('Search the queue')],
  ['Ctrl + G', msg('Go to what is rendering')],
  ['↑ ↓', msg('In the queue: the job above or below; Home and End for the first and last')],
  ['Shift + ↑ ↓', msg('In the queue: select several jobs; Ctrl + A selects all that are listed')],
  ['Ctrl + ↑ ↓, Enter', msg('In the queue: go on without selecting; take the job in or out')],
  ['← →', msg('In the queue: fold or unfold a row')],
  [
    'Alt + ↑ ↓',
    msg('In the queue: move jobs up or down, once more to the next priority; with Home and End to either end'),
  ],
  ['F2', msg('In the queue: edit the job')],
  ['Del', msg('In the queue: delete jobs, after asking')],
  ['Shift + F10', msg('In the queue: open the job’s menu')],
  ['← →', msg('In the timeline: one frame back or forward; ten with Shift')],
  ['Page Up, Page Down', msg('In the timeline: ten frames back or forward')],
  ['Home, End', msg('In the timeline: first or last frame')],
  ['Home, 1', msg('In the image: fit it, show it pixel for pixel')],
  ['← →', msg('In the statistics: move the cursor through time; Esc hides it')],
  ['Numpad 0', msg('In the live view of a scene: return to its camera')],
  ['↑ ↓', msg('In a number: one up or down; ten with Shift')],
  ['Enter', msg('Apply a field')],
];

export function ShortcutsDialog() {
  const { actions } = useApp();
  return (
    <Dialog title={t('Keyboard Shortcuts')} size="medium" onClose={() => actions.showDialog(null)}>
      <dl className="shortcuts scroll">
        {SHORTCUTS.map(([keys, what]) => (
          <div className="shortcut" key={what}>
            <dt>
              <kbd>{keyWords(keys)}</kbd>
            </dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
