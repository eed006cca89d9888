import type { Certificate, Session } from 'electron';
import { isPermitted, WALL_SCHEME } from './navigation.ts';

/** Whom a kiosk trusts on the network. */
export interface Trust {
  /** The paired server's origin. */
  readonly serverUrl: string;
  /** `sha256/` and base64 of the one certificate that is taken from it; null: what the system trusts. */
  readonly certificatePin: string | null;
}

/** Schemes that never leave the machine. */
const LOCAL_SCHEMES: readonly string[] = [`${WALL_SCHEME}:`, 'data:', 'blob:', 'devtools:'];

/** Whether a request may be made at all, whoever makes it: to the page's own files and its server, to nobody else. */
export function mayReach(address: string, serverUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (LOCAL_SCHEMES.includes(url.protocol)) return true;
  const origin = `${url.protocol.replace(/^ws/, 'http')}//${url.host}`;
  return /^(http|ws)s?:$/.test(url.protocol) && origin === serverUrl;
}

/** `asSystem`: Chromium's own judgement holds. */
export type CertificateVerdict = 'taken' | 'refused' | 'asSystem';

/** With a pin exactly that certificate is taken, whoever signed it; without one the system decides. */
export function judgeCertificate(
  hostname: string,
  certificate: Pick<Certificate, 'fingerprint'>,
  { serverUrl, certificatePin }: Trust,
): CertificateVerdict {
  if (certificatePin === null) return 'asSystem';
  // Chromium gives an IPv6 host without its brackets
  const serverHost = new URL(serverUrl).hostname.replace(/^\[|\]$/g, '');
  return hostname === serverHost && certificate.fingerprint === certificatePin ? 'taken' : 'refused';
}

/** Chromium's codes for the verdicts. */
const VERDICT_CODES: Readonly<Record<CertificateVerdict, number>> = { taken: 0, refused: -2, asSystem: -3 };

/**
 * Denies every permission but the one to reach the server, every device, every download, and every request to anybody
 * but the server.
 * @param trust whom it trusts now
 * @param onRefused told once for each stranger that was asked for, and of each certificate that was refused
 */
export function confineSession(session: Session, trust: () => Trust, onRefused: (what: string) => void): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) => {
    decide(isPermitted(permission, requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isPermitted(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());

  const told = new Set<string>();
  const tellOnce = (what: string) => {
    if (told.has(what) || told.size >= MOST_TOLD) return;
    told.add(what);
    onRefused(what);
  };
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    const allowed = mayReach(url, trust().serverUrl);
    if (!allowed) tellOnce(`a request to ${URL.canParse(url) ? new URL(url).origin : 'an address that is none'}`);
    decide({ cancel: !allowed });
  });
  session.setCertificateVerifyProc(({ hostname, certificate }, decide) => {
    const verdict = judgeCertificate(hostname, certificate, trust());
    if (verdict === 'refused')
      tellOnce(`the certificate ${certificate.fingerprint} of ${hostname}: it is not the pinned one`);
    decide(VERDICT_CODES[verdict]);
  });
}

/** A page that asks for ever new strangers must not fill the disk with our log. */
const MOST_TOLD = 100;
