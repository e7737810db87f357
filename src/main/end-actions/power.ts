import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '../processes/child-environment';
import { UserError, messageOf } from '../../shared/user-error';

export type PowerAction = 'sleep' | 'shutdown';

/** A program and its arguments. */
type Call = readonly [program: string, ...args: string[]];

/**
 * Commands that put a machine to sleep or shut it down, in order of preference. None needs more rights than the user at
 * the screen has.
 */
export function powerCalls(action: PowerAction, platform: NodeJS.Platform): readonly Call[] {
  if (platform === 'darwin')
    return [
      action === 'sleep' ? ['pmset', 'sleepnow'] : ['osascript', '-e', 'tell application "System Events" to shut down'],
    ];
  if (platform === 'win32')
    return [
      action === 'sleep'
        ? ['rundll32.exe', 'powrprof.dll,SetSuspendState', '0,1,0']
        : ['shutdown.exe', '/s', '/t', '0'],
    ];
  const verb = action === 'sleep' ? 'suspend' : 'poweroff';
  return [
    ['systemctl', verb],
    ['loginctl', verb],
  ];
}

/**
 * Puts this machine to sleep, or shuts it down. Disabled by FRAMEGAUGE_POWER=off, for shared machines.
 *
 * @throws UserError when all commands failed
 */
export async function setPower(action: PowerAction): Promise<void> {
  if (process.env['FRAMEGAUGE_POWER'] === 'off') throw new UserError('FRAMEGAUGE_POWER=off forbids it.');
  const problems: string[] = [];
  for (const [program, ...args] of powerCalls(action, process.platform)) {
    try {
      await promisify(execFile)(program, args, { windowsHide: true, env: childEnvironment() });
      return;
    } catch (error) {
      problems.push(messageOf(error).trim());
    }
  }
  throw new UserError(problems.join('; '));
}
