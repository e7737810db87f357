import { dirname, sep } from 'node:path';
import type { JobSettings } from '../../../shared/jobs';
import { resolveLinks } from '../../data/resolve-links';
import type { ImageVerifier } from '../../images/verify-image';
import { imagesOf } from './image-path';
import type { JobStore } from '../store/job-store';
import { nextVersion } from './next-version';
import { type OutputConflict, findConflict } from './output-conflict';

/** How a job's output was chosen. */
export interface OutputChoice {
  /** Renders a new version beside existing images instead of reporting a conflict. */
  readonly newVersion?: boolean;
  /**
   * The scene's default folder, which gets a number if another scene uses it; null where the output was chosen
   * explicitly.
   */
  readonly sceneFolder?: string | null;
  /** The job is a copy: its output could not be chosen when it was made. */
  readonly copied?: boolean;
}

/** A job's output and its conflicts. */
export interface ChosenOutput {
  readonly settings: JobSettings;
  /** With links resolved. */
  readonly folder: string;
  readonly conflict: OutputConflict | null;
  /** Number of frames whose images are there, so that they are skipped. */
  readonly there: number;
  readonly warnings: readonly string[];
}

/** Maximum number of jobs checked to find out whose folder it is. */
const MOST_ASKED = 1_000;
const MOST_FOLDERS = 1_000;

/** @param id of the job, if it exists */
export async function chooseOutput(
  store: JobStore,
  images: ImageVerifier,
  id: number | null,
  wanted: JobSettings,
  fingerprint: string,
  { newVersion = false, sceneFolder = null }: OutputChoice = {},
): Promise<ChosenOutput> {
  const settings = sceneFolder === null ? wanted : { ...wanted, output: await ownFolder(store, wanted, sceneFolder) };
  const found = await outputWithConflict(store, images, id, settings, fingerprint);
  if (!found.conflict || !newVersion) return found;
  return outputWithConflict(
    store,
    images,
    id,
    {
      ...settings,
      output: await versionAfter(store, settings.output),
      versionOf: settings.versionOf ?? settings.output,
    },
    fingerprint,
  );
}

/** The output of the next version. */
export function versionAfter(store: JobStore, output: string): Promise<string> {
  return nextVersion(output, store.outputs.patterns());
}

async function outputWithConflict(
  store: JobStore,
  images: ImageVerifier,
  id: number | null,
  settings: JobSettings,
  fingerprint: string,
): Promise<ChosenOutput> {
  const folder = await folderOf(settings);
  return { settings, folder, ...(await findConflict(store, images, { id, settings, fingerprint, folder })) };
}

/** The folder of a job's images, with links resolved as far as it exists. */
export async function folderOf(settings: JobSettings): Promise<string> {
  return resolveLinks(dirname(imagesOf(settings, 0)[0]!));
}

/** Scenes of the same name in different folders get different output folders: `shot`, `shot-2`. */
async function ownFolder(store: JobStore, { scene, output }: JobSettings, sceneFolder: string): Promise<string> {
  if (!output.startsWith(sceneFolder + sep)) return output;
  for (let number = 1; number < MOST_FOLDERS; number++) {
    const candidate = number === 1 ? sceneFolder : `${sceneFolder}-${number}`;
    const others = store.outputs
      .jobsBelow(await resolveLinks(candidate), MOST_ASKED)
      .some((job) => store.settings(job).scene !== scene);
    if (!others) return candidate + output.slice(sceneFolder.length);
  }
  return output;
}
