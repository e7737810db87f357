import { sendHttp, serviceUrl } from './send-http';
import type { ReadPreference, Service } from './service';

/** Any address that takes a POST of a JSON object; its form is in docs/addons/notify.md. */
export function jsonService(preference: ReadPreference): Service | null {
  if (preference('jsonUrl') === '') return null;
  const url = serviceUrl(preference('jsonUrl'), 'The URL of JSON');
  const token = preference('jsonToken');
  return {
    name: 'json',
    takesImages: true,
    async send({ id, kind, title, text, time, host, job, image: frame }, image, signal) {
      await sendHttp({
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({
          id,
          kind,
          title,
          text,
          time: new Date(time).toISOString(),
          host,
          job,
          image: image &&
            frame && { frame: frame.frame, type: image.type, base64: Buffer.from(image.bytes).toString('base64') },
        }),
        signal,
      });
    },
  };
}
