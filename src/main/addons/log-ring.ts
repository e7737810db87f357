import type { AddonLogLine } from '../../shared/addons';

/** The most recent lines of an add-on's log. */
export interface LogRing {
  push(level: AddonLogLine['level'], text: string, time?: number): void;
  lines(): AddonLogLine[];
}

/** @param limit number of lines kept; the oldest are dropped */
export function createLogRing(limit = 500): LogRing {
  const lines: AddonLogLine[] = [];
  return {
    push(level, text, time = Date.now()) {
      lines.push({ level, text: text.length > 8_000 ? `${text.slice(0, 8_000)}…` : text, time });
      if (lines.length > limit) lines.splice(0, lines.length - limit);
    },
    lines: () => [...lines],
  };
}
