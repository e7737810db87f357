/** Exit code after a program fault (EX_SOFTWARE of sysexits.h): a supervisor restarts the program. */
const FAULT_EXIT_CODE = 70;
/** Message to the user if the fault itself is in a log. */
export const FAULT_SENTENCE =
  'Something went wrong inside of Framegauge, and it ends: unfinished jobs go on at the next start. logs/host.log of the data folder says what it was.';
/** Maximum time for closing in order, in milliseconds. */
const CLOSE_TIMEOUT = 15_000;

export interface FaultEnd {
  /** Records the fault in a log. Synchronous: there may be no time for more. */
  record(error: unknown): void;
  /** Reports the fault to the user. */
  tell(error: unknown): void;
  /** Closes everything in order: jobs continue at the next start with all finished frames. */
  close(): Promise<void>;
  exit(code: number): void;
}

/**
 * Handles uncaught exceptions and rejections. The program's state can't be trusted afterwards: the fault is recorded,
 * the program is closed in order as far as possible and exits with {@link FAULT_EXIT_CODE}.
 *
 * @returns removes the handlers
 */
export function endOnFault({ record, tell, close, exit }: FaultEnd): () => void {
  let ending = false;
  const onFault = (error: unknown): void => {
    record(error);
    // A consequence of the first fault, or during the exit.
    if (ending) return;
    ending = true;
    tell(error);
    setTimeout(() => exit(FAULT_EXIT_CODE), CLOSE_TIMEOUT);
    void end();
  };
  async function end(): Promise<void> {
    try {
      await close();
    } finally {
      exit(FAULT_EXIT_CODE);
    }
  }
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  return () => {
    process.off('uncaughtException', onFault);
    process.off('unhandledRejection', onFault);
  };
}
