import type { AddonToHost } from '../../shared/addon-protocol';
import { throttle } from '../../shared/throttle';
import type { AddonContext } from './context';

/** Minimum interval between two messages, in milliseconds. */
const INTERVAL = 100;

/** Makes `ctx.busy`, which tells the host whether any work is under way. */
export function createBusy(send: (message: AddonToHost) => void): AddonContext['busy'] {
  let underWay = 0;
  let told = false;
  const tell = throttle(INTERVAL, () => {
    if (told === underWay > 0) return;
    told = !told;
    send({ type: 'busy', busy: told });
  });
  return async (work) => {
    underWay++;
    tell();
    try {
      return await work();
    } finally {
      underWay--;
      tell();
    }
  };
}
