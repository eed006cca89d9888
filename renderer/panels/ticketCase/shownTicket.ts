import type { ListedAlert } from '../../../domain/alertFigures.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import { useBoardPart, useFigures, useSceneChoice } from '../../live/useWall.ts';

/** The ticket that the scene's argument names, while it is on the board, and its most urgent alert. */
export function useShownTicket(): { readonly ticket: Ticket | undefined; readonly alert: ListedAlert | undefined } {
  const { argument } = useSceneChoice();
  const ticket = useBoardPart(({ board }) => (argument === undefined ? undefined : board.tickets.get(argument)));
  const { alerts } = useFigures();
  const alert = ticket === undefined ? undefined : alerts.listed.find((listed) => listed.alert.ticketId === ticket.id);
  return { ticket, alert };
}
