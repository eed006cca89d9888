import { useRef } from 'react';
import { DOMAINS } from '../../../domain/ticket.ts';
import { ErrorBoundary } from '../../layout/ErrorBoundary.tsx';
import { usePanelSize } from '../../live/useWall.ts';
import { DomainPanel } from './DomainPanel.tsx';

/** A slot less broad than so many times its height lists the domains below each other. */
const ROW_FROM_RATIO = 2.4;

/** The five domains, side by side or below each other, each failing by itself. */
export function DomainsPanel() {
  const panel = useRef<HTMLDivElement>(null);
  const { width, height } = usePanelSize(panel);
  const listed = height > 0 && width < height * ROW_FROM_RATIO;
  return (
    <div className={listed ? 'domains listed' : 'domains'} ref={panel}>
      {DOMAINS.map((domain) => (
        <ErrorBoundary key={domain}>
          <DomainPanel domain={domain} listed={listed} />
        </ErrorBoundary>
      ))}
    </div>
  );
}
