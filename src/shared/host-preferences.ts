import type { AddonPreference } from './addons';

/**
 * The host's own preferences, declared as add-ons declare theirs, so that one mechanism validates, stores and draws both. A preference's full key is
 * `<section id>.<key>`, as in `render.workers`.
 */
export const hostPreferenceSections: readonly { id: string; label: string; preferences: readonly AddonPreference[] }[] =
  [
    {
      id: 'render',
      label: 'Render',
      preferences: [
        {
          key: 'outputDirectory',
          type: 'path',
          label: 'Output folder',
          description:
            'Where images go when a job names no output: a folder for each scene is made in it. Empty is “Framegauge” in your home folder.',
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
    {
      id: 'queue',
      label: 'Queue',
      preferences: [
        {
          key: 'onStart',
          type: 'enum',
          label: 'When the program starts',
          description:
            'Whether the queue goes on by itself: “run” always, “paused” never, “last” as it was when the program ended.',
          default: 'run',
          values: ['run', 'paused', 'last'],
        },
        {
          key: 'attempts',
          type: 'integer',
          label: 'Tries for each frame',
          description: 'How often a frame is tried, on another worker where there is one, before it is given up.',
          default: 3,
          min: 1,
          max: 100,
        },
        {
          key: 'failureShare',
          type: 'number',
          label: 'Failed frames allowed (%)',
          description:
            'A job fails as soon as more than this share of its frames failed. With fewer it is rendered to its end, and completes “with failures”.',
          default: 10,
          min: 0,
          max: 100,
        },
        {
          key: 'stuckMinutes',
          type: 'number',
          label: 'Stuck after (minutes)',
          description:
            'A frame without any progress for so long counts as stuck: its worker is replaced, and the frame is tried again.',
          default: 10,
          min: 0.1,
          max: 10_080,
        },
        {
          key: 'minFreeSpace',
          type: 'number',
          label: 'Free disk space to keep (GB)',
          description:
            'With less than this free where images go, the queue pauses, and goes on when there is room again. 0 never pauses.',
          default: 1,
          min: 0,
          max: 100_000,
        },
        {
          key: 'notify',
          type: 'boolean',
          label: 'Notify at the end',
          description: 'Show a notification of the desktop when a job or the queue has ended.',
          default: true,
        },
        {
          key: 'jobCommand',
          type: 'string',
          label: 'Command when a job ends',
          description:
            'Run by the system’s shell. FRAMEGAUGE_JOB, FRAMEGAUGE_JOB_NAME, FRAMEGAUGE_STATE, FRAMEGAUGE_REASON and FRAMEGAUGE_OUTPUT tell it what ended. Empty runs nothing.',
          default: '',
        },
        {
          key: 'whenDone',
          type: 'enum',
          label: 'When the queue is done',
          description: 'What the machine does once the last job has ended and for a minute nobody has objected.',
          default: 'nothing',
          values: ['nothing', 'command', 'sleep', 'shutdown'],
        },
        {
          key: 'doneCommand',
          type: 'string',
          label: 'Command when the queue is done',
          description:
            'Run by the system’s shell where “command” is chosen above. FRAMEGAUGE_COMPLETED, FRAMEGAUGE_FAILED and FRAMEGAUGE_CANCELLED tell it how many jobs ended how.',
          default: '',
        },
      ],
    },
    {
      id: 'blender',
      label: 'Blender',
      preferences: [
        {
          key: 'path',
          type: 'path',
          label: 'Blender',
          description:
            'Its program or its folder; several with “;” between them, the first one for jobs that name none. Empty: the one on the PATH, or where Blender usually is.',
          default: '',
        },
        {
          key: 'factoryStartup',
          type: 'boolean',
          label: 'Factory settings',
          description:
            'Start Blender as if it had just been installed, without your own settings and add-ons. A job can say otherwise.',
          default: false,
        },
        {
          key: 'memoryLimit',
          type: 'number',
          label: 'Memory for each Blender (GB)',
          description:
            'One that takes more is ended, and its frame counts as failed for want of memory. 0 sets no limit.',
          default: 0,
          min: 0,
          max: 100_000,
        },
      ],
    },
  ];
