import { z } from 'zod';
import { machineIdSchema } from './farm';
import { invitationSchema, machineChangesSchema, machineSchema } from './machines';

const nothing = z.strictObject({});
const machineId = z.strictObject({ id: machineIdSchema });

/** The host's operations on the machines of its farm. */
export const machineOperations = {
  /** The machines of the farm, by name; none where this host manages none. */
  'machine.list': { access: 'read', input: nothing, output: z.array(machineSchema) },
  'machine.get': { access: 'read', input: machineId, output: machineSchema },
  /** Gives a machine no more frames: those in work are finished (`frame`), or rendered by others (`now`). */
  'machine.pause': {
    access: 'control',
    input: machineId.extend({ after: z.enum(['now', 'frame']).default('now') }),
    output: machineSchema,
  },
  /** Gives a paused machine frames again. */
  'machine.resume': { access: 'control', input: machineId, output: machineSchema },
  /** Sends magic packets (Wake-on-LAN) to a machine; that it wakes can only be seen. */
  'machine.wake': { access: 'control', input: machineId, output: machineSchema },
  'machine.set': {
    access: 'control',
    input: machineId.extend({ changes: machineChangesSchema }),
    output: machineSchema,
  },
  /** Makes an invitation for one machine, valid for an hour. */
  'machine.invite': { access: 'control', input: nothing, output: invitationSchema },
  /** Takes a machine's access; its frames are rendered by others. */
  'machine.forget': {
    access: 'control',
    input: machineId,
    output: machineSchema.pick({ id: true, name: true }),
  },
} as const;
