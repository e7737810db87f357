import { useId, type KeyboardEvent, type ReactNode } from 'react';
import { t } from '../../shared/texts/translate';
import { calculatedText, calculationProblem } from '../model/calculate';
import { useReadOnly } from '../read-only';
import { Icon } from './icon';
import { typeDecimalPoint } from './number-pad';
import { useNumberDrag } from './use-number-drag';
import './field.css';

interface FrameProps {
  label: string;
  /** A sentence that says what is wrong. */
  error?: string | undefined;
  hint?: ReactNode;
  /** The control takes the whole width; its label is read but not seen, since the group's heading says the same. */
  wide?: boolean;
  /** Its value differs from the default: its label shows that. */
  changed?: boolean | undefined;
  children: (ids: { id: string; describedBy: string | undefined }) => ReactNode;
}

/** Label, control and, below it, what is wrong with it or a hint. */
export function FieldFrame({ label, error, hint, wide, changed, children }: FrameProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className={wide ? 'field field-wide' : 'field'}>
      <label
        className={wide ? 'visually-hidden' : `field-label ${changed ? 'field-changed' : ''}`}
        htmlFor={id}
        title={changed ? t('{label}: set for this job', { label }) : label}
      >
        {label}
      </label>
      <div className="field-control">{children({ id, describedBy: note ? noteId : undefined })}</div>
      {note && (
        <p id={noteId} className={error ? 'field-error' : 'field-hint'}>
          {error && <Icon name="error" />}
          <span>{note}</span>
        </p>
      )}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** The person has left the field, or pressed Enter. */
  onCommit?: () => void;
  error?: string | undefined;
  hint?: ReactNode;
  placeholder?: string;
  unit?: string;
  numeric?: boolean;
  /** A number that may have decimals. */
  decimals?: boolean;
  wide?: boolean;
  changed?: boolean | undefined;
  /** It takes a day and a time. */
  moment?: boolean;
  /** What the up and down keys make of the text; null where nothing. */
  step?: (text: string, by: number) => string | null;
  /** A button that belongs to the field, behind it. */
  tool?: ReactNode;
}

/**
 * A line of text or a number. Enter and leaving apply, Esc brings back what was there when the field was entered, as in
 * Blender. A number is calculated (`24*2`) when it is applied, and can be dragged left and right.
 */
export function TextField({
  label,
  value,
  onChange,
  onCommit,
  error,
  hint,
  placeholder,
  unit,
  numeric,
  decimals = false,
  wide,
  changed,
  moment,
  step,
  tool,
}: TextProps) {
  const readOnly = useReadOnly();
  const drag = useNumberDrag({
    value,
    step: numeric ? step : undefined,
    decimals,
    onChange,
    onEnd: () => onCommit?.(),
  });
  /** @returns the text that is there from now on */
  const commit = (): string => {
    const result = numeric ? calculatedText(value) : null;
    if (result !== null) onChange(result);
    onCommit?.();
    return result ?? value;
  };
  const wrong = error === undefined || !numeric ? error : (calculationProblem(value) ?? error);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (numeric && typeDecimalPoint(event)) return;
    const input = event.currentTarget;
    const before = input.dataset.before;
    if (event.key === 'Enter') {
      input.dataset.before = commit();
    } else if (event.key === 'Escape' && before !== undefined && before !== value) {
      // Held back from the window: there Esc cancels the render, and in a dialog it closes it.
      event.preventDefault();
      event.stopPropagation();
      onChange(before);
    } else if (step && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      const next = step(value, (event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
      if (next !== null) onChange(next);
    }
  };
  return (
    <FieldFrame label={label} error={wrong} hint={hint} wide={wide} changed={changed}>
      {({ id, describedBy }) => (
        <>
          <input
            id={id}
            className={`input ${numeric ? 'input-numeric' : ''} ${unit ? 'input-unit' : ''} ${moment ? 'input-moment' : ''} ${moment && value === '' ? 'input-moment-empty' : ''}`}
            data-field=""
            disabled={readOnly !== null}
            title={readOnly ?? undefined}
            type={moment ? 'datetime-local' : 'text'}
            inputMode={numeric ? 'decimal' : undefined}
            spellCheck={false}
            autoComplete="off"
            value={value}
            placeholder={placeholder}
            aria-invalid={error !== undefined}
            aria-describedby={describedBy}
            onFocus={(event) => {
              event.currentTarget.dataset.before = value;
            }}
            onBlur={commit}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={onKeyDown}
            {...drag}
          />
          {moment && value === '' && (
            <span className="input-moment-none" aria-hidden="true">
              {placeholder}
            </span>
          )}
          {unit && (
            <span className="field-unit" aria-hidden="true">
              {unit}
            </span>
          )}
          {tool}
        </>
      )}
    </FieldFrame>
  );
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  hint?: ReactNode;
  error?: string | undefined;
  changed?: boolean | undefined;
}

export function SelectField<T extends string>({
  label,
  value,
  options,
  onChange,
  hint,
  error,
  changed,
}: SelectProps<T>) {
  const readOnly = useReadOnly();
  return (
    <FieldFrame label={label} hint={hint} error={error} changed={changed}>
      {({ id, describedBy }) => (
        <select
          id={id}
          className="input select"
          disabled={readOnly !== null}
          title={readOnly ?? undefined}
          value={value}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  );
}

export function CheckBox({
  label,
  checked,
  onChange,
  hint,
  mixed,
  hiddenLabel,
  disabled,
  busy,
  title,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: ReactNode;
  mixed?: boolean;
  hiddenLabel?: boolean;
  disabled?: boolean;
  /** What it was set to is being done: it takes no other choice, and keeps the focus. */
  busy?: boolean;
  title?: string;
}) {
  const id = useId();
  const readOnly = useReadOnly();
  return (
    <div className={hiddenLabel ? 'check' : 'check check-row'}>
      <label className="check-label" title={readOnly ?? title}>
        <input
          type="checkbox"
          className="check-input"
          checked={checked}
          disabled={disabled || readOnly !== null}
          aria-describedby={hint ? id : undefined}
          ref={(input) => {
            if (input) input.indeterminate = mixed ?? false;
          }}
          aria-disabled={busy || undefined}
          onChange={(event) => !busy && onChange(event.target.checked)}
        />
        <span className={hiddenLabel ? 'visually-hidden' : ''}>{label}</span>
      </label>
      {hint && (
        <p id={id} className="field-hint">
          <span>{hint}</span>
        </p>
      )}
    </div>
  );
}
