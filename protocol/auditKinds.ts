/** What the audit log tells of: the server takes it down, the desk has words for it. */
export const AUDIT_KINDS = [
  'signedIn',
  'signInRefused',
  'signedOut',
  'passwordChanged',
  'accountCreated',
  'accountChanged',
  'accountRemoved',
  'clientCreated',
  'clientRemoved',
  'pairingApproved',
  'deskOpened',
  'ticketRead',
  'ticketsListed',
  'ticketsExported',
  'alertAcknowledged',
  'alertReleased',
  'alertShelved',
  'wallTold',
  'findingsConfirmed',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];
