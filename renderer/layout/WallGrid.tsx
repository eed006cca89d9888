import './motion.css';
import './wallGrid.css';
import { type ReactNode, useMemo, useState } from 'react';
import { DOMAINS } from '../../domain/ticket.ts';
import { useFigures, useLink, useSnapshot, useWallParts } from '../live/useWall.ts';
import { DepartmentsPanel } from '../panels/departments/DepartmentsPanel.tsx';
import { DomainPanel } from '../panels/domain/DomainPanel.tsx';
import { DueSoonPanel } from '../panels/dueSoon/DueSoonPanel.tsx';
import { Header } from '../panels/header/Header.tsx';
import { MapPanel } from '../panels/map/MapPanel.tsx';
import { LinkStrip, OutageReceiptStrip } from '../panels/notices/Notices.tsx';
import { CriticalStrip } from '../panels/overdue/CriticalStrip.tsx';
import { OverduePanel } from '../panels/overdue/OverduePanel.tsx';
import { PipelinePanel } from '../panels/pipeline/PipelinePanel.tsx';
import { StreamPanel } from '../panels/stream/StreamPanel.tsx';
import { SystemLane } from '../panels/system/SystemLane.tsx';
import { ErrorBoundary } from '../screens/ErrorBoundary.tsx';
import { ScreenCare } from './ScreenCare.tsx';

/** The scene's root: carries what tests and tools read (contract, Pages). Its children render on their own. */
function WallRoot({ children }: { children: ReactNode }) {
  const snapshot = useSnapshot();
  const link = useLink();
  const { stillness } = useWallParts();
  return (
    <main
      className="wall"
      data-testid="wall"
      data-scene="dispatch"
      data-seq={snapshot?.seq}
      data-feed={link.kind === 'linked' ? link.feed : 'offline'}
      data-still={stillness}
    >
      <ScreenCare />
      {children}
    </main>
  );
}

/** Only this column changes its content: a flood takes all of it. `onDown`: the list of alerts has failed, or is tried again. */
function AlertColumn({ onDown }: { onDown: (down: boolean) => void }) {
  const flood = useFigures().alerts.flood !== null;
  return (
    <div className={flood ? 'slotLeft flood' : 'slotLeft'}>
      <ErrorBoundary onDown={onDown}>
        <OverduePanel />
      </ErrorBoundary>
      {!flood && (
        <ErrorBoundary>
          <DepartmentsPanel />
        </ErrorBoundary>
      )}
    </div>
  );
}

function DispatchScene() {
  const [listDown, setListDown] = useState(false);
  return (
    <>
      <div className="slotHeader">
        <ErrorBoundary>
          <Header />
        </ErrorBoundary>
      </div>
      {listDown && (
        <ErrorBoundary>
          <CriticalStrip />
        </ErrorBoundary>
      )}
      <LinkStrip />
      <OutageReceiptStrip />
      <ErrorBoundary>
        <SystemLane />
      </ErrorBoundary>
      <div className="slotMain">
        <AlertColumn onDown={setListDown} />
        <div className="slotCentre">
          <ErrorBoundary>
            <PipelinePanel />
          </ErrorBoundary>
          <ErrorBoundary>
            <DueSoonPanel />
          </ErrorBoundary>
          <ErrorBoundary>
            <MapPanel />
          </ErrorBoundary>
        </div>
        <ErrorBoundary>
          <StreamPanel />
        </ErrorBoundary>
      </div>
      <div className="domains">
        {DOMAINS.map((domain) => (
          <ErrorBoundary key={domain}>
            <DomainPanel domain={domain} />
          </ErrorBoundary>
        ))}
      </div>
    </>
  );
}

export function WallGrid() {
  const scene = useMemo(() => <DispatchScene />, []);
  return <WallRoot>{scene}</WallRoot>;
}
