import { readdirSync } from 'node:fs';
import type { App } from 'electron';

/** Whether there is a GPU; on Linux this means a render node, elsewhere the system decides. */
function hasGpu(env: NodeJS.ProcessEnv): boolean {
  if (env['FRAMEGAUGE_GPU'] === 'off') return false;
  if (process.platform !== 'linux') return true;
  try {
    return readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}

/** Sets Chromium's graphics switches, with software WebGL where there is no GPU. Must run before the app is ready. */
export function chooseGraphics(app: App, env: NodeJS.ProcessEnv = process.env): void {
  // The engine decides whether a page is stuck: a draw call may take long.
  app.commandLine.appendSwitch('disable-gpu-watchdog');
  app.commandLine.appendSwitch('ignore-gpu-blocklist');
  // Also the fallback where the GPU turns out not to work.
  app.commandLine.appendSwitch('enable-unsafe-swiftshader');
  // Colours must not depend on the machine's screen.
  app.commandLine.appendSwitch('force-color-profile', 'srgb');
  if (hasGpu(env)) return;
  app.commandLine.appendSwitch('use-gl', 'angle');
  app.commandLine.appendSwitch('use-angle', 'swiftshader');
}
