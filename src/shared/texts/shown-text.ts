import { z } from 'zod';
import { inWrittenOrder } from './direction';

/** A text that others wrote for people to read: nothing in it changes the order in which it, or what is beside it, is drawn. */
export const shownText = (): z.ZodString => z.string().overwrite(inWrittenOrder);
