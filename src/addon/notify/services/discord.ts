import type { AddonImage } from '../../api/context';
import { shortened } from '../fill-template';
import type { Notice, NoticeKind } from '../notice';
import { sendHttp, serviceUrl } from './send-http';
import type { ReadPreference, Service } from './service';

const COLOURS: Readonly<Record<NoticeKind, number>> = {
  done: 0x3ba55d,
  failed: 0xed4245,
  cancelled: 0x99aab5,
  stalled: 0xfaa61a,
  'queue-done': 0x5865f2,
  test: 0x5865f2,
};

/** A web hook of a Discord channel (https://discord.com/developers/docs/resources/webhook#execute-webhook). */
export function discordService(preference: ReadPreference): Service | null {
  if (preference('discordUrl') === '') return null;
  const url = serviceUrl(preference('discordUrl'), 'The web hook of Discord');
  return {
    name: 'discord',
    takesImages: true,
    async send(notice, image, signal) {
      const payload = JSON.stringify(payloadOf(notice, image));
      const { headers, body } = image ? await withImage(payload, image) : asJson(payload);
      await sendHttp({ method: 'POST', url, headers, body, signal });
    },
  };
}

function payloadOf({ kind, title, text }: Notice, image: AddonImage | null): object {
  return {
    embeds: [
      {
        title: shortened(title, 256),
        description: text,
        color: COLOURS[kind],
        ...(image ? { image: { url: `attachment://${fileName(image)}` } } : {}),
      },
    ],
    // A job named @everyone must not ring everybody's phone.
    allowed_mentions: { parse: [] },
  };
}

const asJson = (payload: string): { headers: Record<string, string>; body: string } => ({
  headers: { 'content-type': 'application/json' },
  body: payload,
});

async function withImage(
  payload: string,
  image: AddonImage,
): Promise<{ headers: Record<string, string>; body: Buffer }> {
  const form = new FormData();
  form.set('payload_json', payload);
  form.set('files[0]', new Blob([new Uint8Array(image.bytes)], { type: image.type }), fileName(image));
  const encoded = new Response(form);
  return {
    headers: { 'content-type': encoded.headers.get('content-type')! },
    body: Buffer.from(await encoded.arrayBuffer()),
  };
}

/** Name of an image as an attachment. */
export function fileName({ type }: Pick<AddonImage, 'type'>): string {
  return `frame.${/^image\/([a-z0-9]{2,5})$/.exec(type)?.[1] ?? 'img'}`;
}
