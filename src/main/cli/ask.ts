import { type Terminal, harmless, streamBehind } from './terminal';

/** Whether there is somebody to ask. */
export const canAsk = ({ in: input, err }: Terminal): boolean => Boolean(input.isTTY && err.isTTY);

/**
 * Asks a question that is answered with yes or no; anything but yes, Ctrl+C too, means no.
 *
 * @param question without “[y/N]”
 */
export async function askYes({ in: input, err, signal }: Terminal, question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const line = createInterface({ input, output: streamBehind(err) });
  try {
    const answer = await line.question(`${harmless(question)} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    // Ctrl+C.
    err.write('\n');
    return false;
  } finally {
    line.close();
  }
}
