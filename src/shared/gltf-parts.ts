/** Any object of a glTF document's JSON. */
export type Part = Readonly<Record<string, unknown>>;

export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function partOf(value: unknown, key: string): Part {
  const found = isPart(value) ? value[key] : undefined;
  return isPart(found) ? found : {};
}

export function listOf(value: unknown, key: string): readonly unknown[] {
  const found = isPart(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

/** The entries of a list of objects, such as the nodes. @throws Fault where one is something else */
export function partsOf(value: unknown, key: string): readonly Part[] {
  const list = listOf(value, key);
  const wrong = list.findIndex((part) => !isPart(part));
  if (wrong >= 0) throw new Fault(`${key}[${wrong}] is not an object`);
  return list as readonly Part[];
}

/** A clause that names the first thing in a document that cannot be rendered as it is meant. */
export class Fault extends Error {}

/** @param index undefined is valid */
export function checkIndex(where: string, what: string, index: unknown, length: number): void {
  if (index === undefined) return;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0)
    throw new Fault(`${where} names a ${what} by something that is not a number`);
  if (index >= length) throw new Fault(`${where} names ${what} ${index}, which does not exist`);
}

export function checkNumbers(where: string, values: unknown, lengths: readonly number[]): void {
  if (values === undefined) return;
  if (!Array.isArray(values) || !lengths.includes(values.length))
    throw new Fault(`${where} is not a list of ${lengths.join(' or ')} numbers`);
  if (!values.every((value) => typeof value === 'number' && Number.isFinite(value)))
    throw new Fault(`${where} has a value that is not a finite number`);
}

/** @param value undefined is valid */
export function checkNumber(where: string, value: unknown): void {
  if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value)))
    throw new Fault(`${where} is not a finite number`);
}

/** @param value undefined is valid */
export function checkChoice(where: string, value: unknown, choices: readonly unknown[]): void {
  if (value !== undefined && !choices.includes(value))
    throw new Fault(`${where} is ${shown(value)}, and not one of ${choices.join(', ')}`);
}

/** A value as it is written in the file, cut short. */
export function shown(value: unknown): string {
  return value == null ? 'nothing' : JSON.stringify(value).slice(0, 30);
}

/** The extensions of a part. @throws Fault where one of those that many programs know is not an object */
export function extensionsOf(where: string, part: Part): Part {
  const extensions = partOf(part, 'extensions');
  for (const [name, extension] of Object.entries(extensions))
    if (/^(KHR|EXT)_/.test(name) && !isPart(extension))
      throw new Fault(`the ${name.slice(0, 60)} of ${where} is not an object`);
  return extensions;
}
