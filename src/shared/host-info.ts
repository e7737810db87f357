import { z } from 'zod';

/** How a host is started: in safe mode it starts no add-on that did not come with it. */
export const startModeSchema = z.enum(['safe', 'normal']);
export type StartMode = z.infer<typeof startModeSchema>;

/** The host's platform and version. */
export const hostInfoSchema = z.object({
  version: z.string(),
  shell: z.enum(['desktop', 'headless']),
  platform: z.string(),
  pid: z.int(),
  dataFolder: z.string(),
  /** The folder that a path typed without one is relative to. */
  home: z.string(),
  /** It starts no add-on that did not come with it. */
  safeMode: z.boolean().default(false),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;
