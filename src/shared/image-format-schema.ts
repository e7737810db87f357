import { z } from 'zod';
import './schema-words';
import { IMAGE_FORMATS } from './image-format';

/** Separate from the formats themselves, which the command line's help lists without loading any schema. */
export const imageFormatSchema = z.enum(IMAGE_FORMATS);
