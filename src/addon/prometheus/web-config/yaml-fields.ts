import { parseDocument } from 'yaml';

/** A mapping of the file in which every field must be known, as in exporter-toolkit's strict mode. */
export interface Fields {
  /** A scalar's text; null where it is missing or empty. */
  text(name: string): string | null;
  flag(name: string, otherwise: boolean): boolean;
  list(name: string): string[];
  /** A nested mapping; null where it is missing or empty. */
  fields(name: string): Fields | null;
  /** A mapping of strings with arbitrary keys. */
  texts(name: string): ReadonlyMap<string, string>;
  /** Rejects fields that none of the above has read. @throws Error that names one */
  finish(): void;
}

/**
 * Parses YAML. Every scalar is taken as its literal text, as exporter-toolkit's typed decoding does: a user may be
 * called `no` or `007`.
 *
 * @throws Error that says what is wrong, with the line
 */
export function readYaml(text: string): Fields {
  const document = parseDocument(text, { schema: 'failsafe', strict: true, uniqueKeys: true, prettyErrors: false });
  const problem = document.errors[0];
  if (problem) throw new Error(`line ${lineOf(text, problem.pos[0])}: ${problem.message}`);
  return fieldsOf(document.toJS({ mapAsMap: true, maxAliasCount: 100 }), '');
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function fieldsOf(value: unknown, path: string): Fields {
  if (!(value instanceof Map))
    throw new Error(
      path === '' ? 'it is not a mapping of names to values' : `${path} is not a mapping of names to values`,
    );
  const map = value as ReadonlyMap<unknown, unknown>;
  const asked = new Set<string>();
  const called = (name: string): string => (path === '' ? name : `${path}.${name}`);

  function get(name: string): unknown {
    asked.add(name);
    const found = map.get(name);
    return found === '' || found === null ? undefined : found;
  }

  function scalar(name: string, found: unknown): string {
    if (typeof found !== 'string') throw new Error(`${called(name)} is not a text`);
    return found;
  }

  const self: Fields = {
    text(name) {
      const found = get(name);
      return found === undefined ? null : scalar(name, found);
    },
    flag(name, otherwise) {
      const found = self.text(name);
      if (found === null) return otherwise;
      if (!/^(?:true|false)$/i.test(found)) throw new Error(`${called(name)} is “${found}”, not true or false`);
      return found.toLowerCase() === 'true';
    },
    list(name) {
      const found = get(name) ?? [];
      if (!Array.isArray(found)) throw new Error(`${called(name)} is not a list`);
      return found.map((entry) => scalar(name, entry));
    },
    fields(name) {
      const found = get(name);
      return found === undefined ? null : fieldsOf(found, called(name));
    },
    texts(name) {
      const found = get(name) ?? new Map();
      if (!(found instanceof Map)) throw new Error(`${called(name)} is not a mapping of names to values`);
      return new Map([...found].map(([key, entry]) => [scalar(name, key), scalar(`${name}.${String(key)}`, entry)]));
    },
    finish() {
      for (const name of map.keys())
        if (!asked.has(String(name))) throw new Error(`${called(String(name))} is not known here`);
    },
  };
  return self;
}
