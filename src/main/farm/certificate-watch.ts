import { messageOf } from '../../shared/user-error';
import { type CertificateFiles, type ServedCertificate, dateOf, isKnown, readCertificate } from './served-certificate';

/** How often the files of a certificate are read, in ms: programs that renew it just write them. */
const INTERVAL = 60_000;
const TOPIC = 'farm-certificate';

export interface CertificateWatchOptions {
  readonly files: CertificateFiles;
  /** The one that is shown now, which machines have joined by. */
  readonly served: ServedCertificate;
  /** Another one is to be shown from now on. */
  onRenewed(served: ServedCertificate): void;
  notify(level: 'warning', text: string, topic: string): void;
  settle(topic: string): void;
  onFault(error: unknown): void;
  /** For tests, in ms. */
  readonly interval?: number;
}

/**
 * Looks whether a studio's certificate has been renewed, and whether it is about to end. What can't be used is told, and
 * the one before is shown on.
 */
export function watchCertificate(options: CertificateWatchOptions): { close(): void } {
  const { files, onRenewed, notify, settle, onFault, interval = INTERVAL } = options;
  const joinedBy = options.served;
  let { served } = options;
  let told = '';
  /** Tells what there is to tell now, once. */
  const tell = (fault: string | null): void => {
    const end = `The certificate in ${files.certificate} ends on ${dateOf(served.until)}, and no machine reaches this manager after that: renew it.`;
    const other = `The new certificate in ${files.certificate} comes from another issuer: machines that joined before do not know it. Join them with new invitations.`;
    const text = [
      ...(fault === null ? [] : [`${fault} The certificate that was there before is used on.`]),
      ...(Date.now() < served.noticeAt ? [] : [end]),
      ...(isKnown(served, joinedBy) ? [] : [other]),
    ].join(' ');
    if (text === told) return;
    told = text;
    if (text === '') settle(TOPIC);
    else notify('warning', text, TOPIC);
  };

  async function look(): Promise<void> {
    let fault: string | null = null;
    try {
      const now = await readCertificate(files);
      if (now.cert !== served.cert || now.key !== served.key) onRenewed((served = now));
    } catch (error) {
      // Perhaps one of the two files is written already, and the other one is not.
      fault = messageOf(error);
    }
    tell(fault);
  }

  let looking = false;
  const turn = (): void => {
    if (looking) return;
    looking = true;
    void look()
      .catch(onFault)
      .finally(() => (looking = false));
  };
  const timer = setInterval(turn, interval);
  timer.unref();
  turn();
  return { close: () => clearInterval(timer) };
}
