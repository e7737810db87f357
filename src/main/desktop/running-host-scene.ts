import { connectToRunning } from '../cli/host-connection';
import type { RunningHost } from '../data/announced-host';

/**
 * Opens a scene in the other process's host whose window this program is.
 *
 * @throws UserError with the host's error sentence
 */
export async function openInRunningHost(host: RunningHost, path: string): Promise<void> {
  const connection = await connectToRunning(host);
  try {
    await connection.call('scene.open', { path });
  } finally {
    await connection.close();
  }
}
