import type { Addon, AddonIsolation } from '../../shared/addons';
import { isolationWords } from '../../shared/isolation-words';
import { printable } from './table';
import type { Terminal } from './terminal';

/** One line about an add-on: its state and its own status. */
export function describeAddon(addon: Addon): string {
  const state =
    addon.state === 'failed'
      ? `failed: ${addon.reason ?? 'no reason was given'}`
      : addon.state === 'off' && addon.reason !== null
        ? `off. ${addon.reason}`
        : addon.state;
  const mark = addon.status && addon.status.level !== 'ok' ? ` (${addon.status.level})` : '';
  const held = addon.isolation ? `, ${isolationInShort(addon.isolation)}` : '';
  return printable(
    `${addon.manifest.name} ${addon.manifest.version}: ${state}${held}${mark}${addon.status ? ` — ${addon.status.text}` : ''}`,
  );
}

/** As `restricted by Node, network not restricted`. */
function isolationInShort({ level, network }: AddonIsolation): string {
  const word = isolationWords({ level, network }).word;
  return `${word[0]!.toLowerCase()}${word.slice(1)}${level === 'restricted' && network === 'unprevented' ? ', network not restricted' : ''}`;
}

/** Prints every problem of a running add-on to standard error: what its panel shows with a warning sign. */
export function printProblems({ status, warnings, manifest }: Addon, { err }: Pick<Terminal, 'err'>): void {
  for (const text of [...(status && status.level !== 'ok' ? [status.text] : []), ...warnings])
    err.write(`${printable(`${manifest.name}: ${text}`)}\n`);
}
