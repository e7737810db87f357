import type { JobSettings } from './jobs';

/** The settings a frame's picture depends on, beside its number, its source files and the program. */
export const PICTURE_SETTINGS = [
  'scene',
  'width',
  'height',
  'samples',
  'camera',
  'fps',
  'installation',
  'sceneName',
  'animations',
  'transparent',
  'device',
  'renderEngine',
  'format',
  'views',
  'allowScripts',
  'factoryStartup',
] as const satisfies readonly (keyof JobSettings)[];
