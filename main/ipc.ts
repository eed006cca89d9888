import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import type { KioskCalls, KioskChannel } from '../protocol/ipc.ts';
import { isWallPage } from './navigation.ts';

const LONGEST_TOKEN = 4_096;

/** Whether what came over the channel is what the call takes; the page may be anybody's by then. */
const accepts: { readonly [Channel in KioskChannel]: (values: readonly unknown[]) => boolean } = {
  'settings:read': (values) => values.length === 0,
  'token:save': ([token, ...rest]) =>
    rest.length === 0 && typeof token === 'string' && token.length <= LONGEST_TOKEN && /^[\x21-\x7e]+$/.test(token),
};

/**
 * Answers the page's calls. Every one is checked first: it must come from the wall's own page, not from a frame
 * inside it, and carry what the channel takes; else it is refused and reported.
 * @param onRefused told in one line what was refused
 * @returns what takes the handlers away again
 */
export function answerKioskCalls(
  ipc: Pick<IpcMain, 'handle' | 'removeHandler'>,
  answers: KioskCalls,
  onRefused: (what: string) => void,
): () => void {
  const answer = <Channel extends KioskChannel>(channel: Channel, reply: (...values: never[]) => unknown) => {
    ipc.handle(channel, (event, ...values: unknown[]) => {
      if (!isFromWall(event)) return refuse(`${channel} from ${event.senderFrame?.url ?? 'a frame that is gone'}`);
      if (!accepts[channel](values)) return refuse(`${channel} with other arguments than it takes`);
      return reply(...(values as never[]));
    });
  };
  const refuse = (what: string): never => {
    onRefused(what);
    throw new Error(`refused: ${what}`);
  };
  answer('settings:read', answers['settings:read']);
  answer('token:save', answers['token:save']);
  return () => {
    ipc.removeHandler('settings:read');
    ipc.removeHandler('token:save');
  };
}

function isFromWall({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isWallPage(senderFrame.url);
}
