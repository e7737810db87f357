import { plainText, type ReadPreference, type Service } from './service';
import { sendHttp, serviceUrl } from './send-http';

/**
 * An incoming web hook of Slack (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), which takes
 * no images.
 */
export function slackService(preference: ReadPreference): Service | null {
  if (preference('slackUrl') === '') return null;
  const url = serviceUrl(preference('slackUrl'), 'The web hook of Slack');
  return {
    name: 'slack',
    takesImages: false,
    async send(notice, _image, signal) {
      await sendHttp({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: escaped(plainText(notice)) }),
        signal,
      });
    },
  };
}

/** The three characters that Slack's texts give a meaning; without them nobody is mentioned and nothing linked. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
