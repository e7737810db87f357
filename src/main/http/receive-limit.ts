import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** Maximum size of a message of a render page, in bytes: an image. */
export const MAX_PAGE_MESSAGE = 512 * 1024 * 1024;

/**
 * Closes a WebSocket that has received more than the limit since its last complete message. Bytes are counted on the
 * connection itself, so neither one huge frame, nor many small fragments, nor pings between them take more memory than
 * the limit plus one read (64 KiB). The limit of ws is fixed when a socket opens, and applies to whole messages.
 *
 * @param limit in bytes, frame headers included; read at every chunk, since it may change
 */
export function limitReceived(socket: WebSocket, connection: Socket, limit: () => number): void {
  let received = 0;
  socket.on('message', () => (received = 0));
  const count = (chunk: Buffer): void => {
    received += chunk.length;
    if (received <= limit()) return;
    connection.off('data', count);
    socket.close(1009, 'too much at once');
    // Nobody waits for the close frame's answer, and further data is discarded.
    connection.destroySoon();
  };
  connection.on('data', count);
}
