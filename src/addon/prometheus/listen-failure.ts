import type { Address } from './address';
import { formatAddress } from './address';

/** Why an address cannot be bound. */
export interface ListenFailure {
  readonly cause: 'invalid' | 'in-use' | 'unresolved' | 'missing' | 'permission' | 'web-config' | 'other';
  /** A sentence for the user. */
  readonly text: string;
  /** The cause may go away by itself, so a retry makes sense. */
  readonly passing: boolean;
}

/** Explains an error of the resolver or of listen(2). */
export function explainListenError(error: unknown, wanted: Address): ListenFailure {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (code === 'EADDRINUSE')
    return { cause: 'in-use', text: `Another program listens on ${formatAddress(wanted)}.`, passing: true };
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' || code === 'EINVAL') {
    return { cause: 'missing', text: `This machine has no address ${wanted.host}.`, passing: true };
  }
  if (code === 'EACCES' || code === 'EPERM')
    return {
      cause: 'permission',
      text: `Listening on ${formatAddress(wanted)} is not permitted; ports below 1024 are often kept for the system.`,
      passing: false,
    };
  if (code.startsWith('EAI_') || ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'ETIMEOUT'].includes(code)) {
    return { cause: 'unresolved', text: `The host name “${wanted.host}” cannot be resolved.`, passing: true };
  }
  return {
    cause: 'other',
    text: `Listening on ${formatAddress(wanted)} failed: ${error instanceof Error ? error.message : String(error)}.`,
    passing: true,
  };
}
