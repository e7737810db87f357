import type { AddonPreference } from './addons';
import { problemOfRepositories } from './addon-repositories';
import { problemOfFarmAddress } from './farm-address';
import { problemOfRoots } from './root-paths';
import { problemOfKeymap } from './key-names';
import { problemOfHostNames } from './host-names';
import { problemOfTags } from './machine-limits';

/** How much memory an add-on's JavaScript heap may take, in MB. */
export const DEFAULT_ADDON_MEMORY_MB = 256;
/** How much an add-on may store in the folder of its own, in MB. */
export const DEFAULT_ADDON_STORAGE_MB = 1_024;

/** One of the host's own preferences. */
export type HostPreference = AddonPreference & {
  /** Its value may contain secrets that the read token must not reveal. */
  readonly controlOnly?: true;
  /** A sentence about what is wrong with a text of the right type; null where it is valid. */
  readonly problemOf?: (text: string) => string | null;
};

/**
 * The host's own preferences, declared in the same form as add-ons' preferences, so that one mechanism validates,
 * stores and renders both. A preference's full key is `<section id>.<key>`, as in `render.workers`.
 */
export const hostPreferenceSections: readonly { id: string; label: string; preferences: readonly HostPreference[] }[] =
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
            'Where images go when a job names no output; each scene gets a folder in it. Empty means “Framegauge” in your home folder.',
          default: '',
        },
        {
          key: 'workers',
          type: 'integer',
          label: 'Workers',
          description:
            'How many frames are rendered at once, memory permitting. 0 finds the number that renders fastest, up to the number of CPU cores.',
          default: 0,
          min: 0,
          max: 64,
        },
        {
          key: 'workerTimeout',
          type: 'integer',
          label: 'Worker timeout (seconds)',
          description: 'A worker that sends nothing for this long is replaced, and its frame is tried again.',
          default: 60,
          min: 5,
          max: 86_400,
        },
        {
          key: 'sceneFolders',
          type: 'string',
          label: 'Shared file folders',
          description:
            'A glTF, or a .blend that was uploaded, may use files in its own folder and below. Name here the folders of libraries that several scenes share: full paths, with “;” between them.',
          default: '',
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
          label: 'At startup',
          description:
            'Whether the queue runs when the program starts: “run” always, “paused” never, “last” as it was when the program ended.',
          default: 'last',
          values: ['run', 'paused', 'last'],
        },
        {
          key: 'attempts',
          type: 'integer',
          label: 'Attempts per frame',
          description:
            'How many times a frame is tried, on different workers where possible, before it counts as failed.',
          default: 3,
          min: 1,
          max: 100,
        },
        {
          key: 'failureShare',
          type: 'number',
          label: 'Max failed frames (%)',
          description:
            'A job fails once more than this share of its frames has failed. With fewer, it renders to the end and completes “with failures”.',
          default: 10,
          min: 0,
          max: 100,
        },
        {
          key: 'stuckMinutes',
          type: 'number',
          label: 'Frame timeout (minutes)',
          description:
            'A frame without any progress for this long is stuck: its worker is replaced, and the frame is tried again.',
          default: 10,
          min: 0.1,
          max: 10_080,
        },
        {
          key: 'minFreeSpace',
          type: 'number',
          label: 'Free disk space to keep (GB)',
          description:
            'With less than this free on the output disk, the queue pauses until there is room again. With 0 it pauses only when a write finds no room.',
          default: 1,
          min: 0,
          max: 100_000,
        },
        {
          key: 'stayAwake',
          type: 'boolean',
          label: 'Keep the machine awake',
          description:
            'Keep an idle machine from sleeping while something renders. A headless host needs systemd-inhibit or caffeinate for this; on Windows only the desktop app can.',
          default: true,
        },
        {
          key: 'notify',
          type: 'boolean',
          label: 'Notifications',
          description: 'Show a desktop notification when a job or the queue ends.',
          default: true,
        },
        {
          key: 'jobCommand',
          type: 'string',
          label: 'Command when a job ends',
          description:
            'Run by the system’s shell. FRAMEGAUGE_JOB, FRAMEGAUGE_JOB_NAME, FRAMEGAUGE_STATE, FRAMEGAUGE_REASON and FRAMEGAUGE_OUTPUT describe the job. Empty runs nothing.',
          default: '',
          controlOnly: true,
        },
        {
          key: 'whenDone',
          type: 'enum',
          label: 'When the queue finishes',
          description: 'What the machine does a minute after the last job has ended, unless somebody cancels it.',
          default: 'nothing',
          values: ['nothing', 'command', 'sleep', 'shutdown'],
        },
        {
          key: 'doneCommand',
          type: 'string',
          label: 'Command when the queue finishes',
          description:
            'Run by the system’s shell where “command” is chosen above. FRAMEGAUGE_COMPLETED, FRAMEGAUGE_FAILED and FRAMEGAUGE_CANCELLED give the numbers of jobs.',
          default: '',
          controlOnly: true,
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
            'Path of the program or its folder; for several, put “;” between them, and the first is the default. Empty finds it on the PATH or in the standard locations.',
          default: '',
        },
        {
          key: 'factoryStartup',
          type: 'boolean',
          label: 'Factory settings',
          description:
            'Start Blender as if newly installed, without your own settings and add-ons. A job can override this.',
          default: false,
        },
        {
          key: 'memoryLimit',
          type: 'number',
          label: 'Memory per Blender (GB)',
          description: 'A Blender that uses more is ended, and its frame fails for lack of memory. 0 sets no limit.',
          default: 0,
          min: 0,
          max: 100_000,
        },
      ],
    },
    {
      id: 'control',
      label: 'Remote control',
      preferences: [
        {
          key: 'names',
          type: 'string',
          label: 'Other names of this host',
          description:
            'Names by which browsers and programs reach the control server besides those that this machine knows, such as a proxy, a DNS alias or a service. Separate several with spaces.',
          default: '',
          problemOf: problemOfHostNames,
        },
      ],
    },
    {
      id: 'addons',
      label: 'Add-ons',
      preferences: [
        {
          key: 'memoryLimit',
          type: 'integer',
          label: 'Memory per add-on (MB)',
          description:
            'How much an add-on’s own data may take; Node’s own part and programs that it may start come on top. One that needs more is ended. Applies to each add-on from its next start.',
          default: DEFAULT_ADDON_MEMORY_MB,
          min: 64,
          max: 65_536,
        },
        {
          key: 'storageLimit',
          type: 'integer',
          label: 'Storage per add-on (MB)',
          description:
            'How much an add-on that did not come with Framegauge may keep in its storage folder. One that stores more is stopped. Applies to each add-on from its next start.',
          default: DEFAULT_ADDON_STORAGE_MB,
          min: 1,
          max: 1_048_576,
        },
      ],
    },
    {
      id: 'farm',
      label: 'Farm',
      preferences: [
        {
          key: 'start',
          type: 'boolean',
          label: 'Render on several machines',
          description:
            'Makes this host the manager of a farm, with a ticket queue that it starts itself: redis-server or valkey-server must be installed. Takes effect at the next start.',
          default: false,
        },
        {
          key: 'redis',
          type: 'string',
          label: 'Redis or Valkey of your own',
          description:
            'The same with a server that runs already: redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS. Takes effect at the next start.',
          default: '',
          controlOnly: true,
        },
        {
          key: 'listen',
          type: 'string',
          label: 'Address for machines',
          description:
            'HOST:PORT at which machines reach this manager. The ticket queue that it starts itself gets the next port. Takes effect at the next start.',
          default: '0.0.0.0:8790',
          problemOf: problemOfFarmAddress,
        },
        {
          key: 'certificate',
          type: 'path',
          label: 'Certificate for machines',
          description:
            'PEM file with a certificate of your own and its issuers’ (fullchain.pem), read again when it is renewed. Empty: one that Framegauge makes. Takes effect at the next start.',
          default: '',
        },
        {
          key: 'key',
          type: 'path',
          label: 'Key of that certificate',
          description: 'PEM file, not encrypted. Empty: in the same file. Takes effect at the next start.',
          default: '',
        },
        {
          key: 'roots',
          type: 'string',
          label: 'Folders that machines see, too',
          description:
            'NAME=PATH of each, as shows=/mnt/shows, separated by “;”. A machine with the same root, by whatever path, reads scenes there instead of copying them. Takes effect at the next start.',
          default: '',
          problemOf: problemOfRoots,
        },
        {
          key: 'renderHere',
          type: 'boolean',
          label: 'Render on this machine, too',
          description: 'Without this the manager leaves all frames to the machines of its farm.',
          default: true,
        },
        {
          key: 'tags',
          type: 'string',
          label: 'Tags of this machine',
          description: 'What it has, as jobs may need it: gpu,linux. The tags of other machines are set with each.',
          default: '',
          problemOf: problemOfTags,
        },
      ],
    },
    {
      id: 'keymap',
      label: 'Keymap',
      preferences: [
        {
          key: 'operators',
          type: 'string',
          label: 'Keys of operators',
          description:
            'Keys chosen for operators of add-ons, as video.encode=Ctrl+Shift+E, with spaces between several. Nothing behind “=” takes a key away.',
          default: '',
          problemOf: problemOfKeymap,
        },
      ],
    },
    {
      id: 'repositories',
      label: 'Get Add-ons',
      preferences: [
        {
          key: 'addresses',
          type: 'string',
          label: 'Repositories',
          description:
            'Where add-ons are offered and blocked: folders, index.json files or http(s) addresses, with “;” between them. Adding an http(s) address allows online access.',
          default: '',
          problemOf: problemOfRepositories,
        },
        {
          key: 'onlineAccess',
          type: 'boolean',
          label: 'Online access',
          description:
            'Whether repositories at http(s) addresses are asked: when you look at them, at startup, and once a day.',
          default: false,
        },
      ],
    },
  ];
