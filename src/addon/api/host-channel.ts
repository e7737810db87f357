import { Socket } from 'node:net';
import { deserialize } from 'node:v8';
import { ADDON_CHANNEL, createFrameReader, headOf, packMessage } from '../../shared/framed-messages';

/** The channel to the host, from inside of an add-on's process. */
export interface HostChannel {
  /** @param sent is called once the message is on its way, or cannot be sent any more @throws Error where it has no JSON */
  send(message: unknown, sent?: () => void): void;
}

/**
 * Opens the channel that the host has made. What comes over it is trusted: the host sends any value that can be cloned.
 *
 * @param closed the host has closed it, or is gone
 * @throws Error where this process has none
 */
export function openHostChannel(receive: (message: unknown) => void, closed: () => void): HostChannel {
  const socket = new Socket({ fd: ADDON_CHANNEL, readable: true, writable: true });
  socket.on('data', createFrameReader({ begin: () => true, take: (frame) => receive(deserialize(frame)) }));
  socket.on('error', () => {});
  socket.on('close', closed);
  return {
    send(message, sent) {
      if (!socket.writable) return sent?.();
      const parts = packMessage(message);
      socket.cork();
      socket.write(headOf(parts.reduce((length, part) => length + part.length, 0)));
      for (const part of parts.slice(0, -1)) socket.write(part);
      socket.write(parts.at(-1)!, () => sent?.());
      socket.uncork();
    },
  };
}
