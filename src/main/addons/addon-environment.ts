import { temporaryFolderOf } from './storage-folder';

/** Variables that every add-on gets: where programs are, the language, the time zone, what Windows itself needs. */
const ALLOWED =
  /^(?:PATH|PATHEXT|LANG|LANGUAGE|LC_[A-Z]+|TZ|TZDIR|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PROCESSOR_ARCHITECTURE|NUMBER_OF_PROCESSORS)$/i;
/** Variables for the network: proxies, whose addresses may include a password, and additional authorities. */
const FOR_NETWORK = /^(?:(?:HTTP|HTTPS|ALL|FTP|NO)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/i;

export interface AddonEnvironmentOptions {
  readonly network: boolean;
  /** Of an add-on that comes with the program, which also gets its own variables, `FRAMEGAUGE_ID_…`; null otherwise. */
  readonly bundled: string | null;
  /** Absolute path of its storage: its home, and the place of its temporary files. */
  readonly storage: string;
}

/** The environment of an add-on's process: a list of what is allowed, since nobody knows all that is secret. */
export function addonEnvironment(
  { network, bundled, storage }: AddonEnvironmentOptions,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const own = bundled === null ? null : `FRAMEGAUGE_${bundled.toUpperCase().replaceAll('-', '_')}_`;
  const temporary = temporaryFolderOf(storage);
  return {
    ...Object.fromEntries(
      Object.entries(env).filter(
        ([name]) => ALLOWED.test(name) || (network && FOR_NETWORK.test(name)) || (own !== null && name.startsWith(own)),
      ),
    ),
    ...(process.platform === 'win32'
      ? { USERPROFILE: storage, APPDATA: storage, LOCALAPPDATA: storage, TEMP: temporary, TMP: temporary }
      : { HOME: storage, TMPDIR: temporary }),
    ...(process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
  };
}
