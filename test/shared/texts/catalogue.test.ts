import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { hostPreferenceSections } from '../../../src/shared/host-preferences';
import { parseMessage, placeholdersOf, type Part } from '../../../src/shared/texts/message-format';
import { type Catalogue, loadCatalogue } from '../../../src/shared/texts/translate';

const SOURCE = join(import.meta.dirname, '../../../src');
const TAKES_TEXT = ['t', 'msg'];

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A call that takes a text, with the texts written out in it; none where it is passed one. */
interface Call {
  readonly at: string;
  readonly texts: readonly string[];
  /** The names of the values that are given; null where they are not written out. */
  readonly values: readonly string[] | null;
  /** Its text is glued from pieces, so that no catalogue can hold it. */
  readonly glued: boolean;
}

const calls = [...sourcesIn('renderer'), ...sourcesIn('main/desktop'), ...sourcesIn('shared')].flatMap(callsIn);
const used = new Set([...calls.flatMap(({ texts }) => texts), ...preferenceTexts()]);

describe('the texts of the window', () => {
  it('are written out where they are used', () => {
    expect(used.size).toBeGreaterThan(900);
    expect(calls.filter(({ glued }) => glued).map(({ at }) => at)).toEqual([]);
  });
  it('are given a value for each placeholder', () => {
    const lacking = calls.flatMap(({ at, texts, values }) =>
      values === null
        ? []
        : texts.flatMap((text) =>
            placeholders(text)
              .filter((name) => !values.includes(name))
              .map((name) => `${at}: {${name}} of “${text}”`),
          ),
    );
    expect(lacking).toEqual([]);
  });
});

describe.each(['de', 'ja'] as const)('the catalogue “%s”', (language) => {
  const written = entriesOf(language);
  it('has every text of the window', async () => {
    const catalogue = await loadCatalogue(language);
    expect([...used].filter((text) => !Object.hasOwn(catalogue, text))).toEqual([]);
  });
  it('has no entry without use, and none twice', () => {
    expect(written.filter((text) => !used.has(text))).toEqual([]);
    expect(written.filter((text, index) => written.indexOf(text) !== index)).toEqual([]);
  });
  it('is merged from all of its files', async () => {
    expect(Object.keys(await loadCatalogue(language)).toSorted()).toEqual(written.toSorted());
  });
  it('keeps the placeholders of each text, and goes only by numbers that it goes by in English', async () => {
    expect(disagreements(await loadCatalogue(language))).toEqual([]);
  });
});

/** Texts whose translation has other placeholders, or plural forms by a value that is no number in English. */
function disagreements(catalogue: Catalogue): string[] {
  return Object.entries(catalogue).flatMap(([text, translation]) => {
    const [own, said] = [parseMessage(text), parseMessage(translation)];
    const counted = pluralsOf(own);
    return placeholdersOf(own).join() === placeholdersOf(said).join() &&
      pluralsOf(said).every((name) => counted.includes(name))
      ? []
      : [`${text} → ${translation}`];
  });
}

function placeholders(text: string): string[] {
  return placeholdersOf(parseMessage(text));
}

/** The names of the values by which a text has plural forms. */
function pluralsOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) =>
    typeof part !== 'string' && 'plural' in part ? [part.plural, ...[...part.forms.values()].flatMap(pluralsOf)] : [],
  );
}

/** What names and describes the host's preferences, which the dialog passes on from their declaration. */
function preferenceTexts(): string[] {
  return hostPreferenceSections.flatMap(({ label, preferences }) => [
    label,
    ...preferences.flatMap((preference) => [preference.label, preference.description ?? []].flat()),
  ]);
}

/** The keys of all files of a catalogue, as often as they are written. */
function entriesOf(language: string): string[] {
  const folder = join(SOURCE, 'shared/texts');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  return names
    .filter((name) => name === `${language}.ts` || name.startsWith(`${language}/`))
    .flatMap((name) =>
      nodesOf(join(folder, name))
        .filter(({ type }) => type === 'Property')
        .map(({ key }) => String((key as Node).name ?? (key as Node).value)),
    );
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(SOURCE, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(SOURCE, folder, name));
}

function callsIn(file: string): Call[] {
  // Most files speak no word, and parsing takes time.
  if (!/\b(t|msg)\(/.test(readFileSync(file, 'utf8'))) return [];
  return nodesOf(file)
    .filter(({ type, callee }) => type === 'CallExpression' && TAKES_TEXT.includes(String((callee as Node).name)))
    .map(({ arguments: given }) => {
      const [text, values] = given as Node[];
      const found = textsOf(text!);
      return { at: file, texts: found.texts, glued: found.glued, values: namesOf(values) };
    });
}

function textsOf(node: Node): { texts: string[]; glued: boolean } {
  switch (node.type) {
    case 'Literal':
      return { texts: [String(node.value)], glued: false };
    case 'ConditionalExpression': {
      const [one, other] = [textsOf(node.consequent as Node), textsOf(node.alternate as Node)];
      return { texts: [...one.texts, ...other.texts], glued: one.glued || other.glued };
    }
    default:
      return { texts: [], glued: node.type === 'TemplateLiteral' || node.type === 'BinaryExpression' };
  }
}

function namesOf(values: Node | undefined): string[] | null {
  if (values === undefined) return [];
  if (values.type !== 'ObjectExpression') return null;
  const properties = values.properties as Node[];
  return properties.every(({ type }) => type === 'Property')
    ? properties.map(({ key }) => String((key as Node).name ?? (key as Node).value))
    : null;
}

/** All nodes of a file's syntax tree. */
function nodesOf(file: string): Node[] {
  const nodes: Node[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      if ('type' in value) nodes.push(value as Node);
      Object.values(value).forEach(visit);
    }
  };
  visit(parseAst(readFileSync(file, 'utf8'), { lang: file.endsWith('x') ? 'tsx' : 'ts' }));
  return nodes;
}
