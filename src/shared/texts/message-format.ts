import { isolated } from './direction';

/** A piece of a text: words, the name of a value, or forms by a number. */
export type Part =
  | string
  | { readonly value: string }
  | { readonly plural: string; readonly forms: ReadonlyMap<string, readonly Part[]> };

/** What a text's placeholders stand for; numbers are written as in the language. */
export type Values = Readonly<Record<string, string | number>>;

const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other'];

/**
 * Takes a text apart that is written in a subset of ICU MessageFormat: `{name}`, and `{count, plural, one {# job} other
 * {# jobs}}`, where `#` is the number, `=0` an exact one, and forms may hold placeholders.
 *
 * @throws SyntaxError where it is not well-formed
 */
export function parseMessage(text: string): readonly Part[] {
  let at = 0;
  const fail = (expected: string): never => {
    throw new SyntaxError(`“${text}” is not well-formed: ${expected} was expected at position ${at}.`);
  };
  const take = (pattern: RegExp, expected: string): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text) ?? fail(expected);
    at = pattern.lastIndex;
    return found[1] ?? found[0];
  };
  /** @param counted the value that `#` stands for, within forms */
  const parts = (counted: string | null): Part[] => {
    const found: Part[] = [];
    while (at < text.length && text[at] !== '}') {
      if (text[at] === '#' && counted !== null) {
        at += 1;
        found.push({ value: counted });
      } else if (text[at] === '{') found.push(placeholder());
      else found.push(take(counted === null ? /[^{}]+/y : /[^{}#]+/y, 'text'));
    }
    return found;
  };
  const placeholder = (): Part => {
    const name = take(/\{\s*(\w+)\s*/y, 'a name');
    if (text[at] === '}') {
      at += 1;
      return { value: name };
    }
    take(/,\s*plural\s*,\s*/y, '“, plural,”');
    const forms = new Map<string, Part[]>();
    while (text[at] !== '}') {
      const form = take(/(=\d+|[a-z]+)\s*\{/y, 'a form');
      if (!form.startsWith('=') && !CATEGORIES.includes(form)) fail(`one of ${CATEGORIES.join(', ')}`);
      forms.set(form, parts(name));
      take(/\}\s*/y, '“}”');
    }
    at += 1;
    if (!forms.has('other')) fail('a form “other”');
    return { plural: name, forms };
  };
  const found = parts(null);
  if (at < text.length) fail('the end');
  return found;
}

/**
 * Fills in the values, of which those that are read from the right leave the words around them in their places.
 *
 * @param write how a number is written
 * @param category the plural category of a number in the language
 */
export function formatMessage(
  parts: readonly Part[],
  values: Values,
  write: (value: number) => string,
  category: (value: number) => string,
): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else if ('value' in part) {
      const value = values[part.value];
      text += typeof value === 'number' ? write(value) : value === undefined ? `{${part.value}}` : isolated(value);
    } else {
      const count = Number(values[part.plural]);
      const form = part.forms.get(`=${count}`) ?? part.forms.get(category(count)) ?? part.forms.get('other')!;
      text += formatMessage(form, values, write, category);
    }
  }
  return text;
}

/** The names of a text's placeholders, sorted, each once. */
export function placeholdersOf(parts: readonly Part[]): string[] {
  const names = parts.flatMap((part) =>
    typeof part === 'string'
      ? []
      : 'value' in part
        ? [part.value]
        : [part.plural, ...[...part.forms.values()].flatMap(placeholdersOf)],
  );
  return [...new Set(names)].toSorted();
}
