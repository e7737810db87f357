import { z } from 'zod';

/*
 * Error messages for schema violations. The library's own are for programmers (“expected string, received undefined”);
 * ours tell a user what is expected. Every module with schemas imports this one, so that they apply in every process.
 */

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  date: 'a date',
  null: 'nothing',
  undefined: 'nothing',
  nan: 'a number',
};

/** The kind of the given value in plain words. */
function kindOf(input: unknown): string {
  if (input === null || input === undefined) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'number' && !Number.isFinite(input)) return 'a number without end';
  return typeof input === 'boolean' ? 'true or false' : (KINDS[typeof input] ?? 'something else');
}

const UNITS: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
  set: ' entries',
  file: ' bytes',
  map: ' entries',
};

const unitOf = (origin: string, count: unknown): string => {
  const unit = UNITS[origin] ?? '';
  return count === 1 ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit;
};

const inMarks = (values: readonly unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? `“${value.slice(0, 60)}”` : String(value))).join(', ');

/** A clause about one issue. */
function words(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'it is missing'
        : `${KINDS[issue.expected] ?? 'something else'} is expected, and ${kindOf(issue.input)} is given`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `it must be ${inMarks(issue.values)}`
        : `it must be one of ${inMarks(issue.values)}`;
    case 'too_small':
      return `it must ${issue.inclusive === false ? 'be more than' : issue.origin in UNITS ? 'have at least' : 'be at least'} ${String(issue.minimum)}${unitOf(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `it must ${issue.inclusive === false ? 'be less than' : issue.origin in UNITS ? 'have at most' : 'be at most'} ${String(issue.maximum)}${unitOf(issue.origin, issue.maximum)}`;
    case 'unrecognized_keys':
      return issue.keys.length === 1
        ? `there is nothing called ${inMarks(issue.keys)} here`
        : `there is nothing called ${inMarks(issue.keys.slice(0, 10))} here`;
    case 'not_multiple_of':
      return `it must be a multiple of ${String(issue.divisor)}`;
    case 'invalid_format':
      return `it does not have the form of ${issue.format === 'regex' ? 'what is expected' : issue.format}`;
    default:
      return issue.input === undefined ? 'it is missing' : 'it does not fit';
  }
}

z.config({ localeError: words });
