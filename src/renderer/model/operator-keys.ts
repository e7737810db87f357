import type { PreferenceValues } from '../../shared/addons';
import { isKeyName, parseKeymap, RESERVED_KEYS } from '../../shared/key-names';
import type { Operator } from '../../shared/operators';
import { t } from '../../shared/texts/translate';

/** The key of an operator. */
export interface OperatorKey {
  /** null where it has none, or another use wins. */
  readonly key: string | null;
  /** A sentence about why the key that was meant for it does not run it. */
  readonly conflict: string | null;
}

/** The keys that a person has chosen. @param preferences the host's own */
export function chosenKeys(preferences: PreferenceValues | undefined): Record<string, string> {
  return parseKeymap(String(preferences?.['keymap.operators'] ?? ''));
}

/**
 * Which key runs which operator. The program's own keys win, then those that a person has chosen, then the add-ons' in
 * the order of their operators.
 *
 * @param chosen by the operator's id; '' for none
 */
export function operatorKeys(
  operators: readonly Operator[],
  chosen: Readonly<Record<string, string>>,
): ReadonlyMap<string, OperatorKey> {
  const keys = new Map<string, OperatorKey>();
  const taken = new Map<string, string>();
  const isChosen = ({ id }: Operator): boolean => Object.hasOwn(chosen, id);
  const inTurn = [...operators.filter(isChosen), ...operators.filter((operator) => !isChosen(operator))];
  for (const operator of inTurn) {
    const wanted = (isChosen(operator) ? chosen[operator.id] : operator.key) ?? '';
    const use = Object.hasOwn(RESERVED_KEYS, wanted) ? t(RESERVED_KEYS[wanted]!) : taken.get(wanted);
    if (wanted === '') keys.set(operator.id, { key: null, conflict: null });
    else if (!isKeyName(wanted))
      keys.set(operator.id, {
        key: null,
        conflict: t('“{wanted}” is no key: it is written as Ctrl+Shift+E, Alt+3 or F7.', { wanted }),
      });
    else if (use !== undefined)
      keys.set(operator.id, { key: null, conflict: t('{wanted} is already for “{use}”.', { wanted, use }) });
    else {
      taken.set(wanted, operator.label);
      keys.set(operator.id, { key: wanted, conflict: null });
    }
  }
  return keys;
}
