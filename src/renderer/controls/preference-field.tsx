import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { AddonPreference, PreferenceValue } from '../../shared/addons';
import { inWrittenOrder } from '../../shared/texts/direction';
import { messageOf } from '../../shared/user-error';
import { useApp } from '../app-context';
import { useReadOnly } from '../read-only';
import { calculatedText, calculationProblem } from '../model/calculate';
import { stepped } from '../model/typed-value';
import { CheckBox, FieldFrame, SelectField } from './field';
import { typeDecimalPoint } from './number-pad';
import { useNumberDrag } from './use-number-drag';

interface Props {
  preference: AddonPreference;
  value: PreferenceValue;
  /** Settles when the change has been applied. @throws Error with a sentence to show */
  onApply: (value: PreferenceValue) => Promise<void>;
  /** What a preference without a value means. */
  placeholder?: string;
}

/** One declared preference, of the host or of an add-on. */
export function PreferenceField({ preference, value, onApply, placeholder }: Props) {
  const [error, setError] = useState<string | undefined>();
  const { actions } = useApp();
  const live = useRef(true);
  useEffect(() => {
    live.current = true;
    return () => {
      live.current = false;
    };
  }, []);
  const apply = async (next: PreferenceValue): Promise<boolean> => {
    try {
      await onApply(next);
      setError(undefined);
      return true;
    } catch (failure) {
      // Leaving the dialog applies what is in the field too; then nobody would see it here.
      if (live.current) setError(messageOf(failure));
      else actions.tell('error', messageOf(failure));
      return false;
    }
  };
  const { label, description } = preference;
  switch (preference.type) {
    case 'boolean':
      return (
        <CheckBox
          label={label}
          checked={value === true}
          hint={error ?? description}
          onChange={(checked) => void apply(checked)}
        />
      );
    case 'enum':
      return (
        <SelectField
          label={label}
          value={String(value)}
          error={error}
          hint={description}
          options={preference.values.map((one) => ({ value: one, label: inWrittenOrder(one) }))}
          onChange={(next) => void apply(next)}
        />
      );
    default:
      return (
        <TextPreference
          preference={preference}
          value={String(value)}
          error={error}
          hint={description}
          apply={apply}
          placeholder={placeholder}
          onRevert={() => setError(undefined)}
        />
      );
  }
}

interface TextProps {
  preference: Exclude<AddonPreference, { type: 'boolean' | 'enum' }>;
  value: string;
  error: string | undefined;
  hint: ReactNode;
  /** @returns whether it was accepted */
  apply: (value: PreferenceValue) => Promise<boolean>;
  placeholder: string | undefined;
  onRevert: () => void;
}

/** Text or a number: Enter and leaving apply, Esc brings back what is stored. */
function TextPreference({ preference, value, error, hint, apply, placeholder, onRevert }: TextProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const readOnly = useReadOnly();
  const [applying, setApplying] = useState(false);
  /** What the host has refused already: leaving the field does not ask again. */
  const [refused, setRefused] = useState<string | null>(null);
  /** What is wrong with a calculation, which the host is not asked about. */
  const [problem, setProblem] = useState<string | null>(null);
  const numeric = preference.type === 'integer' || preference.type === 'number';
  const secret = preference.type === 'secret';

  const commit = async (again: boolean, typed = draft): Promise<void> => {
    if (typed === null || applying || (typed === refused && !again)) return;
    const wrong = numeric ? calculationProblem(typed) : null;
    setProblem(wrong);
    if (wrong !== null) return;
    const result = numeric ? (calculatedText(typed) ?? typed) : typed;
    setDraft(result);
    if (result === value && error === undefined) {
      setDraft(null);
      return;
    }
    setApplying(true);
    // The host turns text into the preference's type and says what is wrong with it.
    const accepted = await apply(result);
    setApplying(false);
    setRefused(accepted ? null : result);
    if (accepted) setDraft(null);
  };
  const step = (text: string, by: number): string | null =>
    stepped(text, by, ('min' in preference ? preference.min : undefined) ?? -Infinity);
  const drag = useNumberDrag({
    value: draft ?? value,
    step: numeric ? step : undefined,
    decimals: preference.type === 'number',
    onChange: setDraft,
    onEnd: (text) => void commit(false, text),
  });
  const wrong = problem ?? error;
  return (
    <FieldFrame label={preference.label} error={wrong} hint={hint}>
      {({ id, describedBy }) => (
        <input
          id={id}
          className={`input ${numeric ? 'input-numeric' : ''}`}
          type={secret ? 'password' : 'text'}
          inputMode={numeric ? 'decimal' : undefined}
          spellCheck={false}
          autoComplete="off"
          value={draft ?? value}
          placeholder={placeholder}
          aria-invalid={wrong !== undefined}
          aria-describedby={describedBy}
          aria-busy={applying}
          disabled={readOnly !== null}
          title={readOnly ?? undefined}
          onFocus={(event) => secret && event.currentTarget.select()}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={() => void commit(false)}
          onKeyDown={(event) => {
            if (numeric && typeDecimalPoint(event)) return;
            if (event.key === 'Enter') void commit(true);
            else if (event.key === 'Escape' && (draft !== null || wrong !== undefined)) {
              // Held back, since Esc would close the dialog.
              event.preventDefault();
              event.stopPropagation();
              setDraft(null);
              setProblem(null);
              onRevert();
            } else if (numeric && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
              event.preventDefault();
              const next = step(draft ?? value, (event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
              if (next !== null) setDraft(next);
            }
          }}
          {...drag}
        />
      )}
    </FieldFrame>
  );
}
