import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** A computer of a network of its own, linked to this one. */
export interface TestComputer {
  /** What runs a program on it, before the program. */
  readonly within: readonly string[];
  /** Address of this computer, as that one reaches it. */
  readonly hostAddress: string;
  /** Lets nothing through any more, in either direction: whoever sends hears of nothing, as with a pulled cable. */
  cut(): void;
  heal(): void;
}

const NOBODY = '02:00:00:00:fe:fe';
let made = 0;

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}

/** Makes a network namespace with a link, which ends with the test. Only inside `needs.networkNamespaces(…)`. */
export function testComputer(): TestComputer {
  const number = ++made;
  const name = `fg${process.pid % 100_000}n${number}`;
  const [here, there] = [`${name}h`, `${name}t`];
  // Of the block for such tests (RFC 2544), a network of four addresses for each.
  const subnet = `198.18.${process.pid % 256}.${(number % 64) * 4}`.split('.').map(Number);
  const address = (last: number): string => [...subnet.slice(0, 3), subnet[3]! + last].join('.');
  const [hostAddress, ownAddress] = [address(1), address(2)];
  ip('netns', 'add', name);
  onTestFinished(() => void ip('netns', 'del', name));
  ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
  ip('addr', 'add', `${hostAddress}/30`, 'dev', here);
  ip('link', 'set', here, 'up');
  ip('-n', name, 'addr', 'add', `${ownAddress}/30`, 'dev', there);
  ip('-n', name, 'link', 'set', there, 'up');
  ip('-n', name, 'link', 'set', 'lo', 'up');
  return {
    within: ['ip', 'netns', 'exec', name],
    hostAddress,
    cut() {
      // Packets go to a network card that does not exist: neither netem nor iptables is needed.
      ip('neigh', 'replace', ownAddress, 'lladdr', NOBODY, 'dev', here, 'nud', 'permanent');
      ip('-n', name, 'neigh', 'replace', hostAddress, 'lladdr', NOBODY, 'dev', there, 'nud', 'permanent');
    },
    heal() {
      ip('neigh', 'del', ownAddress, 'dev', here);
      ip('-n', name, 'neigh', 'del', hostAddress, 'dev', there);
    },
  };
}
