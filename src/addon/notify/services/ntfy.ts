import type { NoticeKind } from '../notice';
import { fileName } from './discord';
import { sendHttp, serviceUrl } from './send-http';
import type { ReadPreference, Service } from './service';

const TAGS: Readonly<Record<NoticeKind, string>> = {
  done: 'white_check_mark',
  failed: 'x',
  cancelled: 'no_entry_sign',
  stalled: 'hourglass',
  'queue-done': 'checkered_flag',
  test: 'wave',
};

/**
 * A topic of ntfy (https://docs.ntfy.sh/publish/). Title and message are parameters of the URL, since headers take ASCII
 * only.
 */
export function ntfyService(preference: ReadPreference): Service | null {
  if (preference('ntfyUrl') === '') return null;
  const topic = serviceUrl(preference('ntfyUrl'), 'The topic of ntfy');
  if (!/^\/[-\w]+\/?$/.test(topic.pathname.slice(topic.pathname.replace(/\/$/, '').lastIndexOf('/'))))
    throw new Error('The topic of ntfy has no name: its URL ends in one, as https://ntfy.sh/my-renders.');
  const token = preference('ntfyToken');
  return {
    name: 'ntfy',
    takesImages: true,
    async send({ kind, title, text }, image, signal) {
      const url = new URL(topic);
      url.searchParams.set('title', title);
      url.searchParams.set('tags', TAGS[kind]);
      url.searchParams.set('priority', kind === 'failed' || kind === 'stalled' ? '4' : '3');
      if (image) {
        // The attachment is the body, so the message goes where a line break has to be written as \n.
        url.searchParams.set('message', text.replace(/\n/g, '\\n'));
        url.searchParams.set('filename', fileName(image));
      }
      await sendHttp({
        method: 'PUT',
        url,
        headers: {
          'content-type': image ? image.type : 'text/plain; charset=utf-8',
          ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        },
        body: image ? Buffer.from(image.bytes) : text,
        signal,
      });
    },
  };
}
