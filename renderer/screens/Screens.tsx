import './screens.css';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { layoutFor } from '../layout/reflow.ts';
import { gridArea, gridTemplate } from '../layout/WallGrid.tsx';
import { useCanvas, useLink, useNames, useSceneChoice } from '../live/useWall.ts';
import { HourglassMark } from '../panels/marks/AlertMark.tsx';
import { WaveMark } from '../panels/marks/WaveMark.tsx';
import { sceneOf } from '../scenes/index.ts';
import { count } from '../words/formats.ts';

/** Without data for this long the first loading is a disconnection (visual specification §9). */
const FIRST_DATA_MS = 10_000;

/** The wall before its first data: every slot in its place, nothing that moves. */
export function Connecting({ server }: { server: string }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const link = useLink();
  const canvas = useCanvas();
  const scene = sceneOf(useSceneChoice().id);
  const { screens } = layoutFor(scene, canvas);
  const lost = link.kind === 'linked' && link.lostForMs > FIRST_DATA_MS;
  return (
    <main className="wall" data-testid="wall" data-scene={scene.id} data-feed="offline">
      {screens.map((grid, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a screen is its place on the wall
        <div key={i} className="screen">
          <div className="slotHeader">
            <header className="header">
              {i === 0 && (
                <>
                  <WaveMark />
                  <h1 className="centreName">{t('product')}</h1>
                  <span className="headerRule" />
                  <span className="sceneName">{nameOf(scene.title)}</span>
                  <span className="headerSpace" />
                  <span className="connectingTo">{t('screen.connecting', { server })}</span>
                </>
              )}
            </header>
          </div>
          {lost && (
            <div className="notice linkStrip" data-testid="link-strip" role="status">
              <HourglassMark />
              <strong>{t('state.disconnected')}</strong>
              <span>{t('state.waiting')}</span>
              <span className="noticeSpace" />
              <span>
                {link.retries > 0 ? t('state.retrying', { n: count(link.retries) }) : t('state.retryingSoon')}
              </span>
            </div>
          )}
          <div className="slots" style={gridTemplate(grid)}>
            {grid.slots.map(({ panel, area }) => (
              <div key={JSON.stringify(area)} className="slot skeleton" data-panel={panel} style={gridArea(area)}>
                <span />
              </div>
            ))}
          </div>
        </div>
      ))}
    </main>
  );
}

/** One thing to say, in the middle of the screen. */
export function Message(props: {
  testId: string;
  title: string;
  hint: string;
  big?: string | undefined;
  foot?: string;
  note?: string;
}) {
  return (
    <main className="message" data-testid={props.testId}>
      <WaveMark />
      <h1 className="messageTitle">{props.title}</h1>
      {props.big !== undefined && <p className="messageBig">{props.big}</p>}
      <p className="messageHint">{props.hint}</p>
      {props.foot !== undefined && <p className="messageFoot">{props.foot}</p>}
      {props.note !== undefined && <p className="messageFoot">{props.note}</p>}
    </main>
  );
}

/** Shows the code that an administrator approves; `code` undefined while the server has not given one. */
export function Pairing({ code, reachable }: { code: string | undefined; reachable: boolean }) {
  const { t } = useTranslation();
  return (
    <Message
      testId="pairing"
      title={t('screen.pairingTitle')}
      big={code}
      hint={
        code === undefined
          ? t(reachable ? 'screen.pairingWaiting' : 'screen.pairingUnreachable')
          : t('screen.pairingHint')
      }
    />
  );
}

/** The server speaks another version: its page, loaded anew, will fit. */
export function Incompatible({ retryAfterMs }: { retryAfterMs: number }) {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(() => location.reload(), retryAfterMs);
    return () => clearTimeout(timer);
  }, [retryAfterMs]);
  return <Message testId="incompatible" title={t('screen.incompatible')} hint={t('screen.incompatibleHint')} />;
}

/** The page itself has failed: says so large and reloads by itself. */
export function Fatal({ seconds }: { seconds: number }) {
  const { t } = useTranslation();
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    if (left <= 0) {
      location.reload();
      return;
    }
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return <Message testId="fatal" title={t('screen.fatal')} hint={t('screen.fatalHint', { seconds: count(left) })} />;
}
