import { addonRoutes } from './addon-routes';
import { hostRoutes } from './host-routes';
import { jobRoutes } from './job-routes';
import { machineRoutes } from './machine-routes';
import { operatorRoutes } from './operator-routes';
import type { RestRoute } from './rest-route';

/** All REST routes, except those that answer with something other than JSON (special-routes.ts). */
export const restRoutes: readonly RestRoute[] = [
  ...jobRoutes,
  ...hostRoutes,
  ...addonRoutes,
  ...operatorRoutes,
  ...machineRoutes,
];
