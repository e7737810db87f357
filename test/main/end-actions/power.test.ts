import { expect, it } from 'vitest';
import { powerCalls, setPower } from '../../../src/main/end-actions/power';

it('knows what each platform has for it', () => {
  expect(powerCalls('sleep', 'linux')).toEqual([
    ['systemctl', 'suspend'],
    ['loginctl', 'suspend'],
  ]);
  expect(powerCalls('shutdown', 'linux')).toEqual([
    ['systemctl', 'poweroff'],
    ['loginctl', 'poweroff'],
  ]);
  expect(powerCalls('sleep', 'darwin')).toEqual([['pmset', 'sleepnow']]);
  expect(powerCalls('shutdown', 'darwin')[0]![0]).toBe('osascript');
  expect(powerCalls('sleep', 'win32')[0]![0]).toBe('rundll32.exe');
  expect(powerCalls('shutdown', 'win32')).toEqual([['shutdown.exe', '/s', '/t', '0']]);
});

it('does nothing where the environment forbids it, as in every test', async () => {
  expect(process.env['FRAMEGAUGE_POWER']).toBe('off');
  await expect(setPower('shutdown')).rejects.toThrow('FRAMEGAUGE_POWER=off');
});
