import type { AddonPreference } from './addons';

/**
 * The host's own preferences, declared as add-ons declare theirs, so that one mechanism validates, stores and draws both. A preference's full key is
 * `<section id>.<key>`, as in `render.workers`.
 */
export const hostPreferenceSections: readonly { id: string; label: string; preferences: readonly AddonPreference[] }[] = [
  {
    id: 'render',
    label: 'Render',
    preferences: [
      {
        key: 'outputDirectory',
        type: 'path',
        label: 'Output folder',
        description: 'Where images go when a job names no output: a folder for each scene is made in it. Empty is “Framegauge” in your home folder.',
        default: '',
      },
      {
        key: 'workers',
        type: 'integer',
        label: 'Workers',
        description: 'How many frames are rendered at once. 0 chooses from the number of processor cores.',
        default: 0,
        min: 0,
        max: 64,
      },
      {
        key: 'workerTimeout',
        type: 'integer',
        label: 'Worker time-out (seconds)',
        description: 'A worker that gives no sign of life for so long is replaced, and its frame is tried again.',
        default: 60,
        min: 5,
        max: 86_400,
      },
    ],
  },
];
