import type { AddonImage } from '../../api/context';
import { fileName } from './discord';
import { sendHttp, serviceUrl } from './send-http';
import { DeliveryError, plainText, type ReadPreference, type Service } from './service';

/**
 * A room of a Matrix homeserver (https://spec.matrix.org/latest/client-server-api/#sending-events-to-a-room). The
 * message's id is the transaction's, so that the server recognizes a repeated one.
 */
export function matrixService(preference: ReadPreference): Service | null {
  const [server, room, token] = [
    preference('matrixServer'),
    preference('matrixRoom').trim(),
    preference('matrixToken'),
  ];
  if (server === '') return null;
  const base = serviceUrl(server, 'The homeserver of Matrix');
  if (!room.startsWith('!'))
    throw new Error('The room of Matrix is no room id: one begins with an exclamation mark, as !abc:example.org.');
  if (token === '') throw new Error('Matrix needs the access token of the account that sends.');
  const authorization = { authorization: `Bearer ${token}` };
  const at = (path: string): URL => new URL(`${base.pathname.replace(/\/+$/, '')}${path}`, base);

  async function post(id: string, content: object, signal: AbortSignal): Promise<void> {
    await sendHttp({
      method: 'PUT',
      url: at(`/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${id}`),
      headers: { ...authorization, 'content-type': 'application/json' },
      body: JSON.stringify(content),
      signal,
    });
  }

  async function upload(image: AddonImage, signal: AbortSignal): Promise<string> {
    const answer = await sendHttp({
      method: 'POST',
      url: at(`/_matrix/media/v3/upload?filename=${fileName(image)}`),
      headers: { ...authorization, 'content-type': image.type },
      body: Buffer.from(image.bytes),
      signal,
    });
    const uri = contentUri(answer);
    if (uri === null)
      throw new DeliveryError('The homeserver did not say where it put the image.', { permanent: true });
    return uri;
  }

  return {
    name: 'matrix',
    takesImages: true,
    async send(notice, image, signal) {
      // The text first: it must not be lost to an image that the server does not want.
      await post(notice.id, { msgtype: 'm.text', body: plainText(notice) }, signal);
      if (!image) return;
      const url = await upload(image, signal);
      const info = { mimetype: image.type, size: image.bytes.length };
      await post(`${notice.id}-image`, { msgtype: 'm.image', body: fileName(image), url, info }, signal);
    },
  };
}

function contentUri(answer: string): string | null {
  try {
    const { content_uri: uri } = JSON.parse(answer) as { content_uri?: unknown };
    return typeof uri === 'string' && uri.startsWith('mxc://') ? uri : null;
  } catch {
    return null;
  }
}
