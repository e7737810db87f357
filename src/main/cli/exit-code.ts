import { UserError } from '../../shared/user-error';

/** The exit code for an error of a command: 2 for invalid arguments or something that does not exist, else 1. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof UserError && error.kind !== 'failed' ? 2 : 1;
}
