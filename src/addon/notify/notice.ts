import { z } from 'zod';

export const NOTICE_KINDS = ['done', 'failed', 'cancelled', 'stalled', 'queue-done', 'test'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** A message to be sent, as it is kept in the queue file. It holds no addresses and no secrets. */
export const noticeSchema = z.object({
  /** Unique; services that recognize repeated messages are given it. */
  id: z.uuid(),
  kind: z.enum(NOTICE_KINDS),
  title: z.string().max(300),
  text: z.string().max(4_000),
  /** Milliseconds since 1970. */
  time: z.number(),
  /** Name of this machine. */
  host: z.string().max(300),
  job: z
    .object({
      id: z.int(),
      name: z.string().max(300),
      scene: z.string().max(5_000),
      state: z.string().max(30),
      reason: z.string().max(4_000).nullable(),
      frames: z.object({ total: z.int(), done: z.int(), failed: z.int() }),
      /** Render time so far, in seconds; null when it never started. */
      seconds: z.number().nullable(),
    })
    .nullable(),
  /** The frame whose image goes with the message; it is read when the message is sent. */
  image: z.object({ job: z.int(), frame: z.int() }).nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;
