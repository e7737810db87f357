import { formatAddress, parseAddress, type Address } from '../address';
import { createBatchBuffer } from './batch-buffer';
import { graphiteLines, parsePrefix } from './graphite-lines';
import { createLineConnection } from './line-connection';
import type { Output, OutputPreferences } from './output';
import { backoffAfter } from './repeat';

/** Port of carbon's plaintext listener. */
const DEFAULT_PORT = 2003;
/** Timeout for connecting and for writing a batch, in milliseconds. */
const TIMEOUT = 5_000;
/** Size limit of the batches kept while Graphite is unreachable, in bytes: at 20 KB a minute, more than three hours. */
const BUFFER = 4 * 1024 * 1024;

/**
 * Sends the metrics to Graphite over a persistent connection. While it is down, batches are buffered with their
 * timestamps, the oldest being dropped when the buffer is full, and connecting is retried with exponential backoff. The
 * protocol has no acknowledgements: data in flight when a connection breaks may be lost.
 *
 * @throws Error where a preference cannot be used
 */
export function graphiteOutput(preferences: OutputPreferences): Output | null {
  const text = preferences.text('graphiteAddress');
  if (text === '') return null;
  const address = parseTarget(text);
  const prefix = parsePrefix(preferences.text('graphitePrefix'));
  const interval = preferences.number('graphiteSeconds');
  const connection = createLineConnection(address, TIMEOUT);
  const buffer = createBatchBuffer(BUFFER);
  let failures = 0;
  /** Time of the next connection attempt, by performance.now(). */
  let notBefore = 0;

  return {
    target: formatAddress(address),
    interval,
    growing: false,
    async send(families, signal) {
      buffer.add(graphiteLines(families, prefix, Date.now()));
      if (performance.now() < notBefore) return 'held';
      try {
        for (let batch = buffer.first(); batch; batch = buffer.first()) {
          await connection.write(batch, signal);
          buffer.remove(batch);
        }
      } catch (error) {
        failures++;
        // A little earlier than the multiple of the interval, or the run due then would come too early.
        notBefore = performance.now() + backoffAfter(failures, interval) * 1_000 - 500 * Math.min(1, interval);
        const { message, code } = error as NodeJS.ErrnoException;
        throw new Error(`Graphite at ${formatAddress(address)} could not be reached: ${message || code}.`, {
          cause: error,
        });
      }
      failures = 0;
      return 'done';
    },
    leave: (_moved, _collect, signal) => connection.end(signal),
  };
}

function parseTarget(text: string): Address {
  const whole = /^[^:]+$|^\[[^\]]*\]$/.test(text.trim()) ? `${text.trim()}:${DEFAULT_PORT}` : text;
  const address = parseAddress(whole);
  if (typeof address === 'string') throw new Error(`The Graphite address “${text}” cannot be used: ${address}`);
  if (address.port === 0) throw new Error(`The Graphite address “${text}” has no port that can be connected to.`);
  return whole.trim().startsWith(':') ? { ...address, host: 'localhost' } : address;
}
