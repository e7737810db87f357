/**
 * A failure that the person can do something about. Its message is one sentence that says what is wrong, what was expected
 * and what to do; it is shown as it is, without a stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    message: string,
    /** `arguments`: the request itself is wrong (CLI exit code 2). `failed`: the request is fine, the world is not (exit code 1). */
    readonly kind: 'arguments' | 'failed' = 'failed',
  ) {
    super(message);
  }
}

/** The sentence to show for anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
