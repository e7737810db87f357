/** A frame that cannot be rendered, with a sentence for the user. */
export class RenderFailure extends Error {
  override readonly name = 'RenderFailure';
  constructor(
    message: string,
    /** A retry cannot succeed: the scene is broken, the camera is missing. */
    readonly final: boolean,
  ) {
    super(message);
  }
}

/** Maximum length of a name in a sentence; longer ones are truncated. */
const MAX_NAME = 80;
/** Identifies messages of the JavaScript engine, of a library's internals or of the browser's loader. */
const NOT_FOR_PEOPLE =
  /\bundefined\b|\bnull\b|\[object|is not a |is not an |is not iterable|is not defined|cannot read|cannot set|failed to (?:execute|fetch|construct)|maximum call stack|unexpected token|https?:|blob:|\bat \S+:\d+/i;
/** All that the language itself throws. */
const ENGINE_ERRORS = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
const NO_MEMORY = /allocation failed|invalid (?:typed )?array (?:buffer )?length|out of memory|array buffer/i;

/**
 * Converts any error of this page to one that a user can read. A {@link RenderFailure} has its own sentence, a library
 * may have one; messages of the JavaScript engine go to the console.
 *
 * @param subject the failed action, as a clause: `The mesh “Cube” cannot be loaded`
 * @param final whether a retry would fail the same way
 */
export function failureOf(error: unknown, subject: string, final: boolean): RenderFailure {
  if (error instanceof RenderFailure) return error;
  const text = textOf(error);
  if (NO_MEMORY.test(text))
    return new RenderFailure(`${subject}: it takes more memory than a render page may have.`, final);
  const isEngines = ENGINE_ERRORS.some((kind) => error instanceof kind) || !(error instanceof Error || isText(error));
  if (!isEngines && text !== '' && !NOT_FOR_PEOPLE.test(text)) return new RenderFailure(`${subject}: ${text}.`, final);
  console.error(subject, error);
  return new RenderFailure(
    final
      ? `${subject}: something in it is not as glTF 2.0 asks for. Check the file with a glTF validator, and export it again.`
      : `${subject}, for a reason that it does not know.`,
    final,
  );
}

function isText(error: unknown): boolean {
  return (
    typeof error === 'string' ||
    (typeof error === 'object' && error !== null && 'error' in error && typeof error.error === 'string')
  );
}

/** A thrown value's message, on one line without a trailing full stop; empty where it has none. */
function textOf(error: unknown): string {
  const inner: unknown = typeof error === 'object' && error !== null && 'error' in error ? error.error : error;
  const text = inner instanceof Error ? inner.message : typeof inner === 'string' ? inner : '';
  return plain(text.replace(/^(?:THREE\.\w+: |Error: )+/, ''))
    .replace(/\.$/, '')
    .slice(0, 300);
}

/** Text from the file, on one line and without terminal control characters. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

/** A name from the file, quoted for a sentence. */
export function quoted(name: string): string {
  const text = plain(name);
  return `“${text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text}”`;
}
