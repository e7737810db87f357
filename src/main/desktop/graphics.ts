import { readdirSync } from 'node:fs';
import type { App } from 'electron';

/** Whether there is a graphics card to draw with; on Linux that is a render node, elsewhere the system sees to it. */
function hasGpu(env: NodeJS.ProcessEnv): boolean {
  if (env['FRAMEGAUGE_GPU'] === 'off') return false;
  if (process.platform !== 'linux') return true;
  try {
    return readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}

/** Chromium's switches for drawing; WebGL in software where there is no graphics card. Must run before the app is ready. */
export function chooseGraphics(app: App, env: NodeJS.ProcessEnv = process.env): void {
  // Whether a page is stuck is for its engine to judge: a drawing call may take long.
  app.commandLine.appendSwitch('disable-gpu-watchdog');
  app.commandLine.appendSwitch('ignore-gpu-blocklist');
  // Also the last resort where the graphics card turns out not to work.
  app.commandLine.appendSwitch('enable-unsafe-swiftshader');
  // Colours must not depend on the machine's screen.
  app.commandLine.appendSwitch('force-color-profile', 'srgb');
  if (hasGpu(env)) return;
  app.commandLine.appendSwitch('use-gl', 'angle');
  app.commandLine.appendSwitch('use-angle', 'swiftshader');
}
