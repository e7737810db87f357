import { UserError } from '../../shared/user-error';

/** The exit code for an error of a command: 2 for invalid arguments or something that does not exist, else 1. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof UserError && (error.kind === 'arguments' || error.kind === 'not-found') ? 2 : 1;
}

/** The exit code of a command that does several things, after one more has failed: 2 while all failures are of that kind. */
export function addedFailure(code: 0 | 1 | 2, error: unknown): 1 | 2 {
  return code === 1 ? 1 : exitCodeOf(error);
}
