import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What no sentence that a person sees may hold, and what it is. */
const NOT_FOR_PEOPLE: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a value of the language', /\bundefined\b|\bnull\b|\bNaN\b|\[object /],
  [
    'words of the engine',
    /\bis not (?:a function|iterable|a constructor|defined)\b|\(?reading '|Cannot (?:read|set) propert/,
  ],
  ['words of the schema library', /Invalid input|expected \w+, received|Unrecognized key|Too (?:small|big): /],
  ['a stack', /^\s+at \S|\n\s+at \S/],
  [
    'a path inside of the program',
    new RegExp(
      `${ROOT.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/(?:out|src|node_modules)\\b|\\bnode_modules\\b|\\bnode:internal\\b`,
    ),
  ],
];

/**
 * What is wrong with a sentence, or with several in one text; empty where nothing is. @param said by the person
 * themselves, which may be quoted
 */
export function complaints(text: string, said: readonly string[] = []): string[] {
  let rest = text;
  for (const quoted of said) if (quoted.trim() !== '') rest = rest.replaceAll(quoted, '…');
  return NOT_FOR_PEOPLE.filter(([, pattern]) => pattern.test(rest)).map(
    ([what]) => `${what} in: ${text.slice(0, 400)}`,
  );
}

/** Every text that is in a value, however deep, but for those under names that are not for reading. */
export function textsOf(value: unknown, skipped: ReadonlySet<string> = new Set()): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((entry) => textsOf(entry, skipped));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, entry]) => (skipped.has(name) ? [] : textsOf(entry, skipped)));
  return [];
}
