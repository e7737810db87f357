import { z } from 'zod';

const itemSchema = z.strictObject({
  /** By it the window knows which item was chosen: the name of a command, or of something else that it runs. */
  id: z.string().max(5_000),
  label: z.string().max(1_000),
  /** As the window names them, such as `Ctrl+O`. */
  keys: z.string().max(100).optional(),
  enabled: z.boolean(),
  /** Whether it is turned on; without this it is nothing to turn on or off. */
  checked: z.boolean().optional(),
});

/** The menus of the window, in their order, for a system that draws them itself. null: a line between items. */
export const nativeMenusSchema = z
  .array(
    z.strictObject({
      /** Its English name. */
      id: z.string().max(100),
      label: z.string().max(1_000),
      items: z.array(z.union([itemSchema, z.strictObject({ heading: z.string().max(1_000) }), z.null()])).max(1_000),
    }),
  )
  .max(20);
export type NativeMenus = z.infer<typeof nativeMenusSchema>;
