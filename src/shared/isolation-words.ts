import { msg, t } from './texts/translate';
import type { AddonIsolation, AddonManifest, FilesPermission } from './addons';

/**
 * How an add-on's process is held to its permissions: a word, and the sentences that say what that is worth; in English,
 * translated by what draws them.
 */
export interface IsolationWords {
  readonly word: string;
  readonly sentences: readonly string[];
}

const WORDS: Record<AddonIsolation['level'], { word: string; sentences: string }> = {
  sandboxed: {
    word: msg('Sandboxed'),
    sentences: msg(
      'The system (bubblewrap) and Node keep it to its own files and to what its permissions name. It sees no other process.',
    ),
  },
  restricted: {
    word: msg('Restricted by Node'),
    sentences: msg(
      'Node keeps it to its own files and to what its permissions name. That is no protection against code that means harm: such code can get around it, and can end other processes of yours. On Linux, installing bubblewrap makes a sandbox of it.',
    ),
  },
  unrestricted: {
    word: msg('Unrestricted'),
    sentences: msg('Nothing keeps it to its permissions: it can do whatever you can do.'),
  },
};

const NETWORK: Record<AddonIsolation['network'], string> = {
  permitted: msg('It may use the network.'),
  unprevented: msg('It has not asked for the network, but nothing here keeps it from using it.'),
  closed: msg('It has no network.'),
};

/** The words for an isolation; without a sandbox they claim no protection. */
export function isolationWords({ level, network }: AddonIsolation): IsolationWords {
  const { word, sentences } = WORDS[level];
  return { word, sentences: level === 'unrestricted' ? [sentences] : [sentences, NETWORK[network]] };
}

const JOB_ACCESS = { read: msg('Sees jobs and their images'), control: msg('Submits and changes jobs') } as const;

/** The permissions that an add-on asks for, by their names for people, with its reasons and the places it names. */
export function permissionWords({
  permissions,
  preferences,
}: Pick<AddonManifest, 'permissions' | 'preferences'>): { label: string; text: string }[] {
  const { network, files, processes, jobs } = permissions;
  const words: { label: string; text: string }[] = [];
  if (network !== undefined) words.push({ label: t('Network'), text: network });
  if (files) words.push({ label: t('Files'), text: `${files.reason}${placesOf(files, preferences)}` });
  if (processes !== undefined) words.push({ label: t('Other programs'), text: processes });
  if (jobs) words.push({ label: t(JOB_ACCESS[jobs.access]), text: jobs.reason });
  return words;
}

/** “ (reads the folder in “Web config file”; writes to …)” */
function placesOf({ read, write }: FilesPermission, preferences: AddonManifest['preferences']): string {
  const name = (key: string): string =>
    key === 'output'
      ? t('the output folders of jobs')
      : key === 'scenes'
        ? t('the folders of scenes')
        : t('the folder in “{label}”', {
            label: preferences.find((preference) => preference.key === key)?.label ?? key,
          });
  const parts = [
    ...(read.length > 0 ? [t('reads {places}', { places: read.map(name).join(', ') })] : []),
    ...(write.length > 0 ? [t('writes to {places}', { places: write.map(name).join(', ') })] : []),
  ];
  return parts.length > 0 ? ` (${parts.join('; ')})` : '';
}
