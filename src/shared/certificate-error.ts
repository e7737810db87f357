const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME/;

/** Whether the code of an error of Node's says that a server's certificate is not trusted, or not for its name. */
export const isCertificateError = (code: string): boolean => UNTRUSTED.test(code);
