import { z } from 'zod';
import { type LifecycleEvent, lifecycleEventSchema } from '../../../shared/lifecycle';
import recorded from './recorded-events.json';

/**
 * What a host sent while it rendered three frames of `turntable.glb`, loaded it again and was told to cancel a second
 * job. Recorded, with a failed attempt, the progress within frames and a scene that could not be read put in; paths are
 * made up. Handlers that are not persistent see the first job, then they are dropped.
 */
export const RECORDED_EVENTS: readonly LifecycleEvent[] = z.array(lifecycleEventSchema).parse(recorded);
