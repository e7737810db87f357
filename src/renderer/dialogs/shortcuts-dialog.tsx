import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { commandKeys, commandName } from '../command-list';
import { offeredCommands } from '../commands';
import { Dialog } from '../controls/dialog';
import { AREA_KEYS } from '../model/area-keys';
import { keyWords } from '../model/key-words';
import './small-dialogs.css';

/** The sheet of keys. Those of commands and of playback come from the lists that bind them. */
export function ShortcutsDialog() {
  const app = useApp();
  const { actions } = app;
  const rows = [
    ...offeredCommands(app).flatMap((command) =>
      command.keys === undefined ? [] : [{ keys: commandKeys(command), what: commandName(command) }],
    ),
    ...AREA_KEYS.map(({ keys, what }) => ({ keys, what: t(what) })),
  ];
  return (
    <Dialog title={t('Keyboard Shortcuts')} size="medium" onClose={() => actions.showDialog(null)}>
      <div
        className="shortcuts scroll"
        role="region"
        aria-label={t('Keyboard Shortcuts')}
        tabIndex={0}
        data-autofocus=""
      >
        <dl>
          {rows.map(({ keys, what }) => (
            <div className="shortcut" key={keys + what}>
              <dt>
                <kbd>{keyWords(keys)}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}
