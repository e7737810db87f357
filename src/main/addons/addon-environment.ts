import { temporaryFolderOf } from './storage-folder';

/** Variables that every add-on gets: where programs are, the language, the time zone, what Windows itself needs. */
const ALLOWED =
  /^(?:PATH|PATHEXT|LANG|LANGUAGE|LC_[A-Z]+|TZ|TZDIR|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PROCESSOR_ARCHITECTURE|NUMBER_OF_PROCESSORS)$/i;
/** Variables for the network: proxies, whose addresses may include a password, and additional authorities. */
const FOR_NETWORK = /^(?:(?:HTTP|HTTPS|ALL|FTP|NO)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/i;
/** Variables of add-ons that come with the program. */
const FOR_BUNDLED = /^FRAMEGAUGE_PROMETHEUS_/;

export interface AddonEnvironmentOptions {
  readonly network: boolean;
  readonly bundled: boolean;
  /** Absolute path of its storage: its home, and the place of its temporary files. */
  readonly storage: string;
}

/** The environment of an add-on's process: a list of what is allowed, since nobody knows all that is secret. */
export function addonEnvironment(
  { network, bundled, storage }: AddonEnvironmentOptions,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const temporary = temporaryFolderOf(storage);
  return {
    ...Object.fromEntries(
      Object.entries(env).filter(
        ([name]) => ALLOWED.test(name) || (network && FOR_NETWORK.test(name)) || (bundled && FOR_BUNDLED.test(name)),
      ),
    ),
    ...(process.platform === 'win32'
      ? { USERPROFILE: storage, APPDATA: storage, LOCALAPPDATA: storage, TEMP: temporary, TMP: temporary }
      : { HOME: storage, TMPDIR: temporary }),
    ...(process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
  };
}
