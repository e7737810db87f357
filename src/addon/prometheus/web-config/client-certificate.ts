import type { TLSSocket } from 'node:tls';
import type { ClientAuthType } from './web-config';

/** Whether a client may go on after the handshake, by the certificate that it showed or did not show. */
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

/** Node answers an empty object for none. */
function hasCertificate(socket: TLSSocket): boolean {
  const certificate = socket.getPeerCertificate() as { raw?: Buffer } | null;
  return certificate?.raw !== undefined;
}
