import { messageOf } from '../../shared/user-error';
import { type CertificateFiles, type ServedCertificate, readCertificate } from './served-certificate';

/** How often the files of a certificate are read, in ms: programs that renew it just write them. */
const INTERVAL = 60_000;
/** How long before its end a person is told, in ms. */
const NOTICE = 14 * 86_400_000;
const TOPIC = 'farm-certificate';

export interface CertificateWatchOptions {
  readonly files: CertificateFiles;
  /** The one that is shown now. */
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
  let { served } = options;
  let told: string | null = null;
  let otherIssuer: string | null = null;
  const tell = (text: string | null): void => {
    if (text === told) return;
    told = text;
    if (text === null) settle(TOPIC);
    else notify('warning', text, TOPIC);
  };
  const endOf = ({ until }: ServedCertificate): string | null =>
    until - Date.now() > NOTICE
      ? null
      : `The certificate in ${files.certificate} ends on ${new Date(until).toUTCString()}, and no machine reaches this manager after that: renew it.`;

  async function look(): Promise<void> {
    let now: ServedCertificate;
    try {
      now = await readCertificate(files);
    } catch (error) {
      // Perhaps one of the two files is written already, and the other one is not.
      return tell(endOf(served) ?? `${messageOf(error)} The certificate that was there before is used on.`);
    }
    if (now.cert !== served.cert || now.key !== served.key) {
      const before = served;
      served = now;
      onRenewed(now);
      if (now.pin !== before.pin)
        otherIssuer = `The new certificate in ${files.certificate} comes from another issuer: machines that joined before do not know it. Join them with new invitations.`;
    }
    tell(endOf(served) ?? otherIssuer);
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
