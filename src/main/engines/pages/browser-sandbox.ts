import { UserError } from '../../../shared/user-error';

/**
 * Whether Chromium runs in its sandbox; it doesn't for root, where the sandbox is not available, or if the user has
 * disabled it.
 */
export type Sandbox = { readonly on: true } | { readonly on: false; readonly why: string };

/** @param uid of this process; null on systems without user ids */
export function sandboxFor(
  env: NodeJS.ProcessEnv = process.env,
  uid: number | null = process.getuid?.() ?? null,
): Sandbox {
  if (uid === 0) {
    return {
      on: false,
      why: 'Chromium renders glTF scenes without its sandbox, since Framegauge runs as root: a scene that breaks out of the browser can do whatever root can. Run it as an ordinary user.',
    };
  }
  if (env['FRAMEGAUGE_SANDBOX'] === 'off') {
    return {
      on: false,
      why: 'Chromium renders glTF scenes without its sandbox, since FRAMEGAUGE_SANDBOX=off says so: a scene that breaks out of the browser can do whatever you can. Render only scenes that you trust.',
    };
  }
  return { on: true };
}

/**
 * Chromium's output if its sandbox can't be set up (`content/browser/zygote_host/zygote_host_impl_linux.cc`,
 * `sandbox/linux/services/credentials.cc`).
 */
const NO_SANDBOX =
  /No usable sandbox|SUID sandbox helper|zygote_host_impl_linux|Failed to move to new namespace|credentials\.cc.*(?:Operation not permitted|Permission denied)/i;

/**
 * Detects a browser that failed to start because of its sandbox.
 *
 * @param printed its complete output
 * @returns the error for the user; null for any other failure
 */
export function sandboxFailure(browser: string, printed: string): UserError | null {
  if (!NO_SANDBOX.test(printed)) return null;
  return new UserError(
    `The browser “${browser}” could not set up its sandbox, for this system gives ordinary users no user namespaces (Ubuntu since 23.10, many containers): allow them (on Ubuntu an AppArmor profile for the browser with “userns,”, or “sysctl kernel.apparmor_restrict_unprivileged_userns=0”; in Docker a seccomp profile that allows them), or name a browser that brings its own profile, as Google Chrome’s package does, in FRAMEGAUGE_CHROMIUM. Only for scenes that you trust: FRAMEGAUGE_SANDBOX=off does without the sandbox.`,
  );
}
