import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError, messageOf } from '../../shared/user-error';

export type PowerAction = 'sleep' | 'shutdown';

/** A program and its arguments. */
type Call = readonly [program: string, ...args: string[]];

/** What makes a machine sleep or shuts it down, in the order in which it is tried. None of it needs more rights than the person at the screen has. */
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
 * Makes this machine sleep, or shuts it down. With FRAMEGAUGE_POWER=off in the environment it never does, for machines that are not one's own to switch off.
 *
 * @throws UserError when nothing that was tried could do it
 */
export async function setPower(action: PowerAction): Promise<void> {
  if (process.env['FRAMEGAUGE_POWER'] === 'off') throw new UserError('FRAMEGAUGE_POWER=off forbids it.');
  const problems: string[] = [];
  for (const [program, ...args] of powerCalls(action, process.platform)) {
    try {
      await promisify(execFile)(program, args, { windowsHide: true });
      return;
    } catch (error) {
      problems.push(messageOf(error).trim());
    }
  }
  throw new UserError(problems.join('; '));
}
