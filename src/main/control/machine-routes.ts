import { z } from 'zod';
import { machineIdSchema } from '../../shared/farm';
import { machineChangesSchema } from '../../shared/machines';
import { type RestRoute, route } from './rest-route';

const params = z.object({ id: machineIdSchema.describe('As listed') });

/** Routes about the machines of the farm. What the machines themselves use is in farm/farm-routes.ts. */
export const machineRoutes: readonly RestRoute[] = [
  route('GET', '/machines', 'machine.list', 'The machines of the farm', { id: 'listMachines', tag: 'Machines' }),
  route('GET', '/machines/:id', 'machine.get', 'A machine of the farm', { id: 'getMachine', tag: 'Machines', params }),
  route('PATCH', '/machines/:id', 'machine.set', 'Changes what is set for a machine', {
    id: 'setMachine',
    tag: 'Machines',
    params,
    body: machineChangesSchema,
    input: ({ params: { id }, body }) => ({ id, changes: body }),
  }),
  route('POST', '/machines/:id/pause', 'machine.pause', 'Gives a machine no more frames', {
    id: 'pauseMachine',
    tag: 'Machines',
    params,
    body: z
      .strictObject({
        after: z
          .enum(['now', 'frame'])
          .default('now')
          .describe('now: other machines render its frames in work; frame: it finishes them (drain)'),
      })
      .default({ after: 'now' }),
  }),
  route('POST', '/machines/:id/resume', 'machine.resume', 'Gives a paused machine frames again', {
    id: 'resumeMachine',
    tag: 'Machines',
    params,
  }),
  route('POST', '/machines/:id/wake', 'machine.wake', 'Sends magic packets (Wake-on-LAN) to a machine', {
    id: 'wakeMachine',
    tag: 'Machines',
    params,
  }),
  route('POST', '/machines/invitations', 'machine.invite', 'Invites a machine into the farm', {
    id: 'inviteMachine',
    tag: 'Machines',
    status: 201,
  }),
  route('DELETE', '/machines/:id', 'machine.forget', 'Takes a machine out of the farm', {
    id: 'forgetMachine',
    tag: 'Machines',
    params,
  }),
];
