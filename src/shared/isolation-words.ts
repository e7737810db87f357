import type { AddonIsolation, AddonManifest, FilesPermission } from './addons';

/** How an add-on's process is held to its permissions: a word, and the sentences that say what that is worth. */
export interface IsolationWords {
  readonly word: string;
  readonly sentences: string;
}

const WORDS: Record<AddonIsolation['level'], IsolationWords> = {
  sandboxed: {
    word: 'Sandboxed',
    sentences:
      'The system (bubblewrap) and Node keep it to its own files and to what its permissions name. It sees no other process.',
  },
  restricted: {
    word: 'Restricted by Node',
    sentences:
      'Node keeps it to its own files and to what its permissions name. That is no protection against code that means harm: such code can get around it, and can end other processes of yours. On Linux, installing bubblewrap makes a sandbox of it.',
  },
  unrestricted: {
    word: 'Unrestricted',
    sentences: 'Nothing keeps it to its permissions: it can do whatever you can do.',
  },
};

const NETWORK: Record<AddonIsolation['network'], string> = {
  permitted: 'It may use the network.',
  unprevented: 'It has not asked for the network, but nothing here keeps it from using it.',
  closed: 'It has no network.',
};

/** The words for an isolation; without a sandbox they claim no protection. */
export function isolationWords({ level, network }: AddonIsolation): IsolationWords {
  const { word, sentences } = WORDS[level];
  return { word, sentences: level === 'unrestricted' ? sentences : `${sentences} ${NETWORK[network]}` };
}

const JOB_ACCESS = { read: 'Sees jobs and their images', control: 'Submits and changes jobs' } as const;

/** The permissions that an add-on asks for, by their names for people, with its reasons and the places it names. */
export function permissionWords({
  permissions,
  preferences,
}: Pick<AddonManifest, 'permissions' | 'preferences'>): { label: string; text: string }[] {
  const { network, files, processes, jobs } = permissions;
  const words: { label: string; text: string }[] = [];
  if (network !== undefined) words.push({ label: 'Network', text: network });
  if (files) words.push({ label: 'Files', text: `${files.reason}${placesOf(files, preferences)}` });
  if (processes !== undefined) words.push({ label: 'Other programs', text: processes });
  if (jobs) words.push({ label: JOB_ACCESS[jobs.access], text: jobs.reason });
  return words;
}

/** “ It reads the folder of “Web config file”; it writes …” */
function placesOf({ read, write }: FilesPermission, preferences: AddonManifest['preferences']): string {
  const name = (key: string): string =>
    key === 'output'
      ? 'the output folders of jobs'
      : key === 'scenes'
        ? 'the folders of scenes'
        : `the folder in “${preferences.find((preference) => preference.key === key)?.label ?? key}”`;
  const parts = [
    ...(read.length > 0 ? [`reads ${read.map(name).join(', ')}`] : []),
    ...(write.length > 0 ? [`writes to ${write.map(name).join(', ')}`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join('; ')})` : '';
}
