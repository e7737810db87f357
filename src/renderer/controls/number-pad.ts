import type { KeyboardEvent } from 'react';

/**
 * Types a point for the number pad's decimal key where the keyboard's layout has a comma there, as German ones do: a
 * number of a field takes a point only.
 *
 * @returns whether the key was that one
 */
export function typeDecimalPoint(event: KeyboardEvent<HTMLInputElement>): boolean {
  if (event.code !== 'NumpadDecimal' || event.key !== ',' || event.ctrlKey || event.altKey || event.metaKey)
    return false;
  event.preventDefault();
  const input = event.currentTarget;
  input.setRangeText('.', input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
  input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: '.' }));
  return true;
}
