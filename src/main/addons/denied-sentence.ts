import { isAbsolute, resolve } from 'node:path';
import type { DeniedAccess } from '../../shared/addon-protocol';
import type { AddonIsolation } from '../../shared/addons';
import { isBelow } from '../data/path-below';

/**
 * Tells people what an add-on tried without the permission for it, and which permission would allow it.
 *
 * @param dataFolder absolute; no permission reaches it
 */
export function deniedSentence({ access, what }: DeniedAccess, isolation: AddonIsolation, dataFolder: string): string {
  const name = what === '' ? '' : ` “${what}”`;
  switch (access) {
    case 'read':
    case 'write':
      return isAbsolute(what) && isBelow(resolve(what), dataFolder)
        ? `It tried to ${access}${name}, which belongs to Framegauge or another add-on: it was denied, and no permission allows it.`
        : `It tried to ${access}${name} and was denied. The permission “files” allows that for folders that it names in “${access}”.`;
    case 'start':
      return `It tried to start the program${name} and was denied. The permission “processes” allows that.`;
    case 'thread':
      return 'It tried to start a thread and was denied. The permission “processes” allows that.';
    case 'native code':
      return 'It tried to load native code and was denied. The permission “processes” allows that.';
    case 'signal':
      return isolation.level === 'sandboxed'
        ? `It tried to send a signal to the process ${what} and was denied. The permission “processes” allows that.`
        : `It tried to send a signal to the process ${what}, and this call was refused. The permission “processes” allows that; without a sandbox nothing prevents it for certain.`;
    case 'connect':
    case 'listen': {
      const tried = access === 'connect' ? `connect to${name}` : `listen on${name}`;
      return isolation.network === 'closed'
        ? `It tried to ${tried}, but has no network. The permission “network” gives it one.`
        : `It tried to ${tried} without having asked for the permission “network”, and nothing here prevents that.`;
    }
    case 'other':
      return `It tried something that takes permissions for all files and was denied:${name}`.replace(/:$/, '.');
  }
}
