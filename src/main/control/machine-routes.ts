import { z } from 'zod';
import { machineIdSchema } from '../../shared/farm';
import { type RestRoute, route } from './rest-route';

/** Routes about the machines of the farm. What the machines themselves use is in farm/farm-routes.ts. */
export const machineRoutes: readonly RestRoute[] = [
  route('GET', '/machines', 'machine.list', 'The machines of the farm', { id: 'listMachines', tag: 'Machines' }),
  route('POST', '/machines/invitations', 'machine.invite', 'Invites a machine into the farm', {
    id: 'inviteMachine',
    tag: 'Machines',
    status: 201,
  }),
  route('DELETE', '/machines/:id', 'machine.forget', 'Takes a machine out of the farm', {
    id: 'forgetMachine',
    tag: 'Machines',
    params: z.object({ id: machineIdSchema.describe('As listed') }),
  }),
];
