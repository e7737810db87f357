import type { Socket } from 'node:net';
import { keepConnection } from '../http/connections';

/** Maximum number of connections of one machine: each of its 64 workers at most has a few. */
export const MAX_MACHINE_CONNECTIONS = 512;

/** The open connections on which machines have shown their tokens. */
export class MachineConnections {
  /** By id of their machine. */
  readonly #open = new Map<string, Set<Socket>>();

  /**
   * Keeps a connection from being closed to make room for others.
   *
   * @returns false where its machine has too many: it stays one that makes room
   */
  admit(machineId: string, socket: Socket): boolean {
    const open = this.#open.get(machineId) ?? new Set();
    if (open.has(socket)) return true;
    if (open.size >= MAX_MACHINE_CONNECTIONS) return false;
    this.#open.set(machineId, open.add(socket));
    socket.once('close', () => {
      open.delete(socket);
      if (open.size === 0) this.#open.delete(machineId);
    });
    keepConnection(socket);
    return true;
  }

  /** Closes those of a machine, which was forgotten. */
  end(machineId: string): void {
    for (const socket of this.#open.get(machineId) ?? []) socket.destroy();
  }
}
