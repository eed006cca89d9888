import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import type { KioskCalls, KioskChannel } from '../protocol/ipc.ts';
import { LONGEST_BOARD } from './boardFile.ts';
import { isPin } from './exitPin.ts';
import { isWallPage } from './navigation.ts';

const LONGEST_TOKEN = 4_096;

/** The answers to the page's calls; each is told first whose page asks. */
export type KioskAnswers = {
  readonly [Channel in KioskChannel]: (
    caller: WebContents,
    ...values: Parameters<KioskCalls[Channel]>
  ) => ReturnType<KioskCalls[Channel]>;
};

const isToken = (value: unknown) =>
  typeof value === 'string' && value.length <= LONGEST_TOKEN && /^[\x21-\x7e]+$/.test(value);
const isNewPin = (value: unknown) =>
  value === undefined || value === null || (typeof value === 'string' && isPin(value));
/** Its fields are looked at by the schema of the configuration (protocol/kioskConfig.ts). */
const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether what came over the channel is what the call takes; the page may be anybody's by then. A wrong PIN is one
 * with any text at all.
 */
const accepts: { readonly [Channel in KioskChannel]: (values: readonly unknown[]) => boolean } = {
  'settings:read': (values) => values.length === 0,
  'token:save': ([token, ...rest]) => rest.length === 0 && isToken(token),
  'kiosk:readSettings': (values) => values.length === 0,
  'kiosk:saveSettings': ([choice, pin, ...rest]) => rest.length === 0 && isRecord(choice) && isNewPin(pin),
  'kiosk:takePushed': ([pushed, ...rest]) => rest.length === 0 && isRecord(pushed),
  'kiosk:enterPin': ([pin, purpose, ...rest]) =>
    rest.length === 0 &&
    typeof pin === 'string' &&
    pin.length <= LONGEST_TOKEN &&
    (purpose === 'leave' || purpose === 'setup'),
  'kiosk:vitals': (values) => values.length === 0,
  'board:keep': ([text, ...rest]) => rest.length === 0 && typeof text === 'string' && text.length <= LONGEST_BOARD,
  'board:kept': (values) => values.length === 0,
};

/**
 * Answers the page's calls. Every one is checked first: it must come from the wall's own page, not from a frame
 * inside it, and carry what the channel takes; else it is refused and reported.
 * @param onRefused told in one line what was refused
 * @returns what takes the handlers away again
 */
export function answerKioskCalls(
  ipc: Pick<IpcMain, 'handle' | 'removeHandler'>,
  answers: KioskAnswers,
  onRefused: (what: string) => void,
): () => void {
  const refuse = (what: string): never => {
    onRefused(what);
    throw new Error(`refused: ${what}`);
  };
  const answer = <Channel extends KioskChannel>(channel: Channel) => {
    const reply = answers[channel] as (caller: WebContents, ...values: unknown[]) => unknown;
    ipc.handle(channel, (event, ...values: unknown[]) => {
      if (!isFromWall(event)) return refuse(`${channel} from ${event.senderFrame?.url ?? 'a frame that is gone'}`);
      if (!accepts[channel](values)) return refuse(`${channel} with other arguments than it takes`);
      return reply(event.sender, ...values);
    });
  };
  const channels = Object.keys(accepts) as KioskChannel[];
  for (const channel of channels) answer(channel);
  return () => {
    for (const channel of channels) ipc.removeHandler(channel);
  };
}

function isFromWall({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isWallPage(senderFrame.url);
}
