import { useState, type KeyboardEvent } from 'react';
import { formatKeymap, keyNameOf } from '../../shared/key-names';
import type { Operator } from '../../shared/operators';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { keyWords } from '../model/key-words';
import { chosenKeys, operatorKeys, type OperatorKey } from '../model/operator-keys';
import './keymap-section.css';

const NONE: readonly Operator[] = [];

/** The keys of add-ons' operators, each to be changed by pressing another. */
export function KeymapSection() {
  const { client } = useApp();
  const operators = useAppState((state) => state.model.host?.operators) ?? NONE;
  const preferences = useAppState((state) => state.model.host?.preferences);
  const chosen = chosenKeys(preferences);
  const keys = operatorKeys(operators, chosen);
  const [error, setError] = useState<{ readonly id: string; readonly text: string } | null>(null);

  /** @param key '' for none, null for the add-on's own */
  const choose = async (id: string, key: string | null): Promise<void> => {
    const { [id]: _, ...others } = chosen;
    const keymap = key === null ? others : { ...others, [id]: key };
    try {
      await client.call('preferences.set', { key: 'keymap.operators', value: formatKeymap(keymap) });
      setError(null);
    } catch (failure) {
      setError({ id, text: messageOf(failure) });
    }
  };
  return (
    <div className="keymap">
      <p className="dim">
        {t('Keys that run operators of add-ons. The program’s own keys are under Help, Keyboard Shortcuts; they win.')}
      </p>
      {operators.length === 0 && <p>{t('No running add-on has an operator.')}</p>}
      <ul className="keymap-list" aria-label={t('Operators')}>
        {operators.map((operator) => (
          <KeymapEntry
            key={operator.id}
            operator={operator}
            shown={keys.get(operator.id) ?? { key: null, conflict: null }}
            isChosen={Object.hasOwn(chosen, operator.id)}
            error={error?.id === operator.id ? error.text : null}
            onChoose={(key) => void choose(operator.id, key)}
          />
        ))}
      </ul>
    </div>
  );
}

interface EntryProps {
  readonly operator: Operator;
  readonly shown: OperatorKey;
  readonly isChosen: boolean;
  readonly error: string | null;
  readonly onChoose: (key: string | null) => void;
}

function KeymapEntry({ operator, shown, isChosen, error, onChoose }: EntryProps) {
  const [listening, setListening] = useState(false);
  const problem = error ?? shown.conflict;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!listening || event.key === 'Tab') return;
    // Held back from the dialog and the window: here keys mean themselves.
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setListening(false);
    const key = event.key === 'Backspace' || event.key === 'Delete' ? '' : keyNameOf(event.nativeEvent);
    // A modifier alone, or a key that types: go on listening.
    if (key === null) return;
    setListening(false);
    onChoose(key);
  };
  return (
    <li className="keymap-entry">
      <span className="keymap-name">
        {operator.label} <span className="dim">{operator.addonName}</span>
      </span>
      <Button
        changes
        className={`keymap-key ${listening ? 'keymap-listening' : ''}`}
        aria-label={t('Key of {label}: {key}', {
          label: operator.label,
          key: listening ? t('Press a key…') : shown.key === null ? t('none') : keyWords(shown.key),
        })}
        title={t('Press it, then the key: with Ctrl or Alt, or F1 to F12. Backspace takes the key away.')}
        onClick={() => setListening(true)}
        onBlur={() => setListening(false)}
        onKeyDown={onKeyDown}
      >
        {listening ? t('Press a key…') : keyWords(shown.key ?? '–')}
      </Button>
      {isChosen ? (
        <Button
          changes
          kind="bare"
          aria-label={t('Reset the key of {label}', { label: operator.label })}
          onClick={() => onChoose(null)}
        >
          {t('Reset')}
        </Button>
      ) : (
        <span />
      )}
      {problem !== null && (
        <p className="field-error" role={error === null ? undefined : 'alert'}>
          <Icon name="error" />
          <span>{problem}</span>
        </p>
      )}
    </li>
  );
}
