import { serveTasks } from '../../threads/serve-tasks';
import type { BlendTask } from './blend-reader';
import { type BlendFile, readBlend } from './read-blend';

/** Thread that reads .blend files, one at a time. */
serveTasks<BlendTask, BlendFile>(({ path }) => readBlend(path));
