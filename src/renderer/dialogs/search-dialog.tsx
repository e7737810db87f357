import { useId, useMemo, useState, type KeyboardEvent } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { commandState } from '../command-list';
import { offeredCommands, runCommand } from '../commands';
import { Dialog } from '../controls/dialog';
import { keyWords } from '../model/key-words';
import { chosenKeys, operatorKeys } from '../model/operator-keys';
import { foundEntries, type SearchEntry } from '../model/search-entries';
import { useReadOnly } from '../read-only';
import './search-dialog.css';

/** Everything that can be run, by its name: type, choose with the arrow keys, Enter runs. */
export function SearchDialog() {
  const app = useApp();
  const operators = useAppState((state) => state.model.host?.operators);
  const preferences = useAppState((state) => state.model.host?.preferences);
  const readOnly = useReadOnly();
  // As they stand when the search is opened, and when that changes.
  const states = useAppState(
    useShallow((state) => offeredCommands(app).map((command) => commandState(command, state))),
  );
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  /** Why nothing came of Enter; '' where something did. */
  const [refusal, setRefusal] = useState('');
  const listId = useId();
  const close = (): void => app.actions.showDialog(null);

  const entries = useMemo((): SearchEntry[] => {
    const keys = operatorKeys(operators ?? [], chosenKeys(preferences));
    return [
      ...offeredCommands(app).flatMap((command, index) => {
        if (states[index] === 'absent') return [];
        const label = t(command.label).replace('…', '');
        const refusal = states[index] === 'dim' ? t('“{name}” is not possible now.', { name: label }) : null;
        return {
          id: command.command,
          label,
          place: t(command.menu),
          keys: command.keys,
          description: '',
          refusal: command.changes ? (readOnly ?? refusal) : refusal,
          run: () => runCommand(app, command.command),
        };
      }),
      ...(operators ?? []).map((operator) => ({
        id: operator.id,
        label: operator.label,
        place: operator.addonName,
        keys: keys.get(operator.id)?.key ?? undefined,
        description: operator.description,
        refusal: readOnly,
        run: () => app.actions.openOperator(operator),
      })),
    ];
  }, [app, states, operators, preferences, readOnly]);
  const found = foundEntries(entries, text);
  const at = Math.min(chosen, found.length - 1);

  const run = (entry: SearchEntry | undefined): void => {
    if (!entry) return;
    if (entry.refusal !== null) {
      setRefusal(entry.refusal);
      return;
    }
    close();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    setRefusal('');
    if (event.key === 'ArrowDown') setChosen((at + 1) % Math.max(1, found.length));
    else if (event.key === 'ArrowUp') setChosen((at - 1 + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('Search')} size="medium" onClose={close}>
      <div className="search">
        <input
          className="input"
          role="combobox"
          aria-label={t('Search commands and operators')}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found[at] ? `${listId}-${at}` : undefined}
          aria-autocomplete="list"
          placeholder={t('Type to search')}
          autoComplete="off"
          spellCheck={false}
          data-autofocus=""
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ul className="search-found scroll" id={listId} role="listbox" aria-label={t('Found')}>
          {found.map((entry, index) => (
            <li
              key={entry.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              aria-disabled={entry.refusal !== null}
              className="row search-entry"
              title={entry.refusal ?? entry.description}
              ref={(row) => {
                if (index === at) row?.scrollIntoView({ block: 'nearest' });
              }}
              onPointerMove={() => setChosen(index)}
              onClick={() => run(entry)}
            >
              <span className="search-label">{entry.label}</span>
              <span className="search-place">{entry.place}</span>
              {entry.keys && <kbd>{keyWords(entry.keys)}</kbd>}
            </li>
          ))}
        </ul>
        <p
          className={found.length === 0 ? 'search-none' : refusal === '' ? 'visually-hidden' : 'search-refusal'}
          role="status"
        >
          {found.length === 0 ? t('Nothing is called “{text}”.', { text }) : refusal}
        </p>
      </div>
    </Dialog>
  );
}
