import { connect, type Socket } from 'node:net';
import type { Address } from '../address';

/** A TCP connection that is opened on demand and reopened after it broke. */
export interface LineConnection {
  /** Settles when the bytes are handed to the system. @throws network errors */
  write(bytes: Buffer, signal: AbortSignal): Promise<void>;
  /** Closes it; pending bytes are still sent unless the signal is aborted. */
  end(signal: AbortSignal): Promise<void>;
}

/** @param timeout for connecting, and for the peer to accept what is written, in milliseconds */
export function createLineConnection({ host, port }: Address, timeout: number): LineConnection {
  let socket: Socket | null = null;

  function open(): Socket {
    const opened = connect({ host, port, keepAlive: true, keepAliveInitialDelay: 30_000, noDelay: true });
    // The peer sends nothing but its end of the connection, which is noticed only while reading.
    opened.resume();
    opened.on('error', () => {});
    opened.once('close', () => {
      if (socket === opened) socket = null;
    });
    return opened;
  }

  return {
    write(bytes, signal) {
      // A connection that the peer has ended accepts nothing more, even if it is not closed yet.
      const used = socket?.writable ? socket : open();
      socket = used;
      return new Promise((resolve, reject) => {
        const settle = (error?: Error | null): void => {
          clearTimeout(timer);
          used.off('error', settle);
          used.off('close', closed);
          signal.removeEventListener('abort', aborted);
          if (error) {
            used.destroy();
            if (socket === used) socket = null;
            reject(error);
          } else resolve();
        };
        const closed = (): void => settle(new Error('the connection was closed'));
        const aborted = (): void => settle(new Error('it was given up'));
        const timer = setTimeout(() => settle(new Error(`nothing was taken within ${timeout / 1000} s`)), timeout);
        if (signal.aborted) return aborted();
        signal.addEventListener('abort', aborted);
        used.once('error', settle);
        used.once('close', closed);
        used.write(bytes, settle);
      });
    },
    end(signal) {
      const used = socket;
      socket = null;
      if (!used || used.destroyed) return Promise.resolve();
      return new Promise((resolve) => {
        const abort = (): void => void used.destroy();
        used.once('close', () => {
          signal.removeEventListener('abort', abort);
          resolve();
        });
        if (signal.aborted || used.connecting) return abort();
        signal.addEventListener('abort', abort);
        // Both directions: the peer may never end its own.
        used.end(() => used.destroy());
      });
    },
  };
}
