import { testNotice } from './compose';
import type { DeliveryOutcome } from './deliveries';
import type { Notice } from './notice';
import { SERVICE_LABELS, type ServiceName } from './services/service';
import type { Services } from './services/services';

export interface SendTestOptions {
  readonly services: Services;
  /** Name of this machine. */
  readonly host: string;
  readonly signal: AbortSignal;
  readonly outcome: (service: ServiceName, notice: Notice, outcome: DeliveryOutcome) => void;
  /** Removes secrets from what a service answered. */
  readonly redact: (text: string) => string;
}

/**
 * Sends a test message to every service at once, past what waits for it.
 *
 * @returns a sentence that says who took it
 * @throws Error with a sentence for every service that did not, or that cannot be used
 */
export async function sendTest({ services, host, signal, outcome, redact }: SendTestOptions): Promise<string> {
  const { ready, problems } = services;
  if (ready.size + problems.size === 0)
    throw new Error('No service is set up yet: name one in Preferences → Add-ons → Notify.');
  const notice = testNotice(host, Date.now());
  const failures = [...problems.values()];
  const taken: string[] = [];
  await Promise.all(
    [...ready].map(async ([name, service]) => {
      const began = performance.now();
      try {
        await service.send(notice, null, signal);
        taken.push(SERVICE_LABELS[name]);
        outcome(name, notice, { result: 'sent', seconds: (performance.now() - began) / 1_000 });
      } catch (error) {
        signal.throwIfAborted();
        const reason = redact((error as Error).message);
        failures.push(`${SERVICE_LABELS[name]}: ${reason}`);
        outcome(name, notice, { result: 'failed', reason });
      }
    }),
  );
  const sentence = taken.length === 0 ? '' : `${taken.join(', ')} took the message.`;
  if (failures.length > 0) throw new Error([...failures, sentence].join(' ').trim());
  return sentence;
}
