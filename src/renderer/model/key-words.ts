import { msg, t } from '../../shared/texts/translate';

/** Keys whose keyboards print other words on them in some languages. */
const NAMES: ReadonlySet<string> = new Set([
  msg('Ctrl'),
  msg('Shift'),
  msg('Esc'),
  msg('Enter'),
  msg('Space'),
  msg('Del'),
  msg('Home'),
  msg('End'),
  msg('Page Up'),
  msg('Page Down'),
  msg('Numpad'),
]);

/** Keys as the keyboard has them in the language that is spoken: `Ctrl+Page Down` is `Strg+Bild ab` in German. */
export function keyWords(keys: string): string {
  return keys.replaceAll(/Page Up|Page Down|[A-Z][a-z]+/g, (name) => (NAMES.has(name) ? t(name) : name));
}
