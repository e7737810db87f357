import type { TLSSocket } from 'node:tls';
import type { ClientAuthType } from './web-config';

/** Whether a client may continue after the handshake, given the certificate that it did or did not present. */
export function clientAllowed(socket: TLSSocket, clientAuth: ClientAuthType): boolean {
  switch (clientAuth) {
    case 'NoClientCert':
    case 'RequestClientCert':
      return true;
    case 'RequireAnyClientCert':
      return hasCertificate(socket);
    case 'VerifyClientCertIfGiven':
      return !hasCertificate(socket) || socket.authorized;
    case 'RequireAndVerifyClientCert':
      return hasCertificate(socket) && socket.authorized;
  }
}

/** Node returns an empty object when there is none. */
function hasCertificate(socket: TLSSocket): boolean {
  const certificate = socket.getPeerCertificate() as { raw?: Buffer } | null;
  return certificate?.raw !== undefined;
}
