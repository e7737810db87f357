import { z } from 'zod';
import './schema-words';
import { MAX_FRAME } from './frame-range';

const frame = z.int().min(-MAX_FRAME).max(MAX_FRAME);

/** Every Nth frame from one to another. */
export const frameSpanSchema = z.strictObject({ first: frame, last: frame, step: z.int().min(1).max(MAX_FRAME) });
