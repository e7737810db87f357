import type { FailureCode } from './failures';
import { cutTo } from './shortened';
import { inWrittenOrder } from './texts/direction';

export const USER_ERROR_KINDS = ['arguments', 'not-found', 'failed', 'disk'] as const;
export type UserErrorKind = (typeof USER_ERROR_KINDS)[number];

/**
 * A failure that the user can do something about. Its message is one sentence that says what is wrong, what was
 * expected and what to do; it is shown unchanged, without a stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    message: string,
    /**
     * `arguments`: the request itself is invalid (CLI exit code 2, HTTP 422). `not-found`: the job, add-on, preference
     * or scene that it names doesn't exist (exit code 2; HTTP 404 where the path names it). `failed`: the request is
     * valid but could not be carried out (exit code 1, HTTP 409). `disk`: the data folder can't be written to, so that
     * it may succeed later (exit code 1, HTTP 507).
     */
    readonly kind: UserErrorKind = 'failed',
    /** What was wrong, where that decides what mends it. */
    readonly failure: FailureCode | null = null,
  ) {
    super(inWrittenOrder(message));
  }
}

/** Maximum length of a displayed message, in characters. */
const MAX_LENGTH = 2_000;
/** Messages of the JavaScript engine and of Node about programming errors: meaningless to users. */
const INSIDE =
  /\bundefined\b|\bnull\b|\[object |\bis not (?:a function|iterable|a constructor|defined|extensible)\b|\(reading '|\(setting '|^\s+at \S|\bERR_INVALID_ARG_TYPE\b|Maximum call stack|before initialization|Cannot find module '[^']*[\\/]out[\\/]|Assignment to constant/m;

/**
 * The sentence to show for any thrown value: an error's message, or a thrown string. Messages about programming errors
 * are replaced, since the log has them with their stack.
 */
export function messageOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  const text = textOf(error).trim();
  if (text === '') return codeOf(error) ?? 'no reason was given';
  if (INSIDE.test(text) && !isOfSystem(error)) return `a mistake in the program (${nameOf(error)}); the log says where`;
  return cutTo(inWrittenOrder(text), MAX_LENGTH + 1);
}

/** An add-on may throw objects whose properties throw in turn. */
function textOf(error: unknown): string {
  try {
    if (typeof error === 'string') return error;
    if (typeof error === 'number' || typeof error === 'boolean' || typeof error === 'bigint') return String(error);
    const message = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : null;
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}

/** Node's aggregate errors for a name with several addresses have a code and no message. */
function codeOf(error: unknown): string | null {
  try {
    const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : null;
    return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : null;
  } catch {
    return null;
  }
}

/** The system's own errors contain a path, which may have any name: `/dev/null`. */
function isOfSystem(error: unknown): boolean {
  try {
    return error instanceof Error && typeof (error as { syscall?: unknown }).syscall === 'string';
  } catch {
    return false;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error && /^[A-Z]\w{0,40}$/.test(error.name) ? error.name : 'it is not known which';
}
