import { discordService } from './discord';
import { emailService } from './email';
import { jsonService } from './json';
import { matrixService } from './matrix';
import { ntfyService } from './ntfy';
import type { ReadPreference, Service, ServiceName } from './service';
import { slackService } from './slack';

export interface Services {
  readonly ready: ReadonlyMap<ServiceName, Service>;
  /** Why a service that is named cannot be used, a sentence each. */
  readonly problems: ReadonlyMap<ServiceName, string>;
}

const MAKERS: Readonly<Record<ServiceName, (preference: ReadPreference) => Service | null>> = {
  slack: slackService,
  discord: discordService,
  ntfy: ntfyService,
  matrix: matrixService,
  json: jsonService,
  email: emailService,
};

/** Builds the services that the preferences name. */
export function createServices(preference: ReadPreference): Services {
  const ready = new Map<ServiceName, Service>();
  const problems = new Map<ServiceName, string>();
  for (const [name, make] of Object.entries(MAKERS) as [ServiceName, (typeof MAKERS)[ServiceName]][]) {
    try {
      const service = make(preference);
      if (service) ready.set(name, service);
    } catch (error) {
      problems.set(name, (error as Error).message);
    }
  }
  return { ready, problems };
}
