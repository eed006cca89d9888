import { useEffect, useState } from 'react';
import { FIRST_SCENE } from '../domain/scene.ts';
import { ConfigFault } from './kiosk/ConfigFault.tsx';
import { KioskUpdate } from './kiosk/KioskUpdate.tsx';
import { PinEntry } from './kiosk/PinEntry.tsx';
import { canvasOf, type ViewingPlace } from './layout/canvas.ts';
import { Later } from './layout/Later.tsx';
import { keepPlace } from './layout/place.ts';
import { followViewport } from './layout/unit.ts';
import { WallGrid } from './layout/WallGrid.tsx';
import { sceneInAddress } from './live/director.ts';
import type { Kiosk } from './live/kiosk.ts';
import { askServer, type PairingState, startPairing } from './live/pairing.ts';
import { CanvasContext, useFiguresIfAny, useLink, useSnapshot, WallContext, type WallParts } from './live/useWall.ts';
import { type Machine, startWall } from './live/wall.ts';
import type { TokenStore } from './live/wallToken.ts';
import { bundledScenes, sceneOf } from './scenes/index.ts';
import { Connecting, Incompatible, Pairing } from './screens/Screens.tsx';
import { KioskSetup } from './setup/KioskSetup.tsx';
import { SetupPage } from './setup/SetupPage.tsx';

const RELOAD_INCOMPATIBLE_MS = 15_000;

/** A board that comes within so long is the first thing drawn: nothing flashes by, and its fonts do not delay it. */
const SOON_MS = 500;

/** Chooses the one whole-screen state of a wall that has a token. */
export function WallScreens(props: {
  server: string;
  /** Of the kiosk's program; undefined in a browser. */
  kioskVersion?: string | undefined;
  onUnauthorized: () => void;
}) {
  const { server, kioskVersion, onUnauthorized } = props;
  const link = useLink();
  const snapshot = useSnapshot();
  const figures = useFiguresIfAny();
  const unauthorized = link.kind === 'refused' && link.reason === 'unauthorized';
  useEffect(() => {
    if (unauthorized) onUnauthorized();
  }, [unauthorized, onUnauthorized]);
  if (link.kind === 'refused' && link.reason === 'incompatible') {
    const { version } = link;
    // A browser's page comes from the server, a kiosk's from its own disk: loading that anew changes nothing by itself
    return kioskVersion === undefined ? (
      <Incompatible retryAfterMs={RELOAD_INCOMPATIBLE_MS} />
    ) : (
      <KioskUpdate kioskVersion={kioskVersion} serverVersion={version} retryAfterMs={RELOAD_INCOMPATIBLE_MS} />
    );
  }
  if (snapshot === undefined || figures === undefined) {
    return (
      <Later ms={SOON_MS}>
        <Connecting server={server} />
      </Later>
    );
  }
  return <WallGrid />;
}

function LiveWall(props: {
  tokens: TokenStore;
  token: string;
  stillness: boolean;
  sound: boolean;
  volume: number;
  machine: Machine | undefined;
  onUnauthorized: () => void;
}) {
  const { tokens, token, stillness, sound, volume, machine, onUnauthorized } = props;
  const [parts, setParts] = useState<WallParts>();
  useEffect(() => {
    const wall = startWall({ serverUrl: tokens.serverUrl, token, stillness, sound, volume, machine });
    setParts(wall);
    return () => {
      wall.close();
      setParts(undefined);
    };
  }, [tokens, token, stillness, sound, volume, machine]);
  if (parts === undefined) return null;
  return (
    <WallContext value={parts}>
      <WallScreens server={tokens.serverUrl} kioskVersion={machine?.version} onUnauthorized={onUnauthorized} />
    </WallContext>
  );
}

function PairingScreen({ tokens, onToken }: { tokens: TokenStore; onToken: (token: string) => void }) {
  const [state, setState] = useState<PairingState>({ code: undefined, reachable: true });
  useEffect(
    () =>
      startPairing({
        ask: askServer(tokens.serverUrl),
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        onState: setState,
        onToken,
      }),
    [tokens, onToken],
  );
  return <Pairing code={state.code} reachable={state.reachable} />;
}

/** Ctrl+Alt+S opens the set-up at an ordinary browser; the kiosk asks for its PIN first. By key, whatever letter it types. */
function onSetupKey(view: Window, open: () => void): () => void {
  const onKey = ({ ctrlKey, altKey, code }: KeyboardEvent) => {
    if (ctrlKey && altKey && code === 'KeyS') open();
  };
  view.addEventListener('keydown', onKey);
  return () => view.removeEventListener('keydown', onKey);
}

/** The page: pairing while there is no token that the server takes, else the wall. */
export function App(props: {
  tokens: TokenStore;
  stillness: boolean;
  sound: boolean;
  volume: number;
  /** Undefined in a browser. */
  kiosk: Kiosk | undefined;
  /** What is known of the screen and the seats before it. */
  place: ViewingPlace;
  /** Begins with the set-up. */
  setup: boolean;
}) {
  const { tokens, stillness, sound, volume, kiosk } = props;
  const [token, setToken] = useState<string | null>(tokens.token);
  const [canvas, setCanvas] = useState(() => canvasOf(innerWidth, innerHeight));
  const [place, setPlace] = useState(props.place);
  const [isSetup, setIsSetup] = useState(props.setup);
  // The set-up is read by whoever stands at the wall, so a far seat does not enlarge it.
  useEffect(() => followViewport(window, isSetup ? { screens: place.screens } : place, setCanvas), [isSetup, place]);
  useEffect(() => (kiosk === undefined ? onSetupKey(window, () => setIsSetup(true)) : undefined), [kiosk]);
  const [handlers] = useState(() => ({
    paired: (fresh: string) => {
      setToken(fresh);
      tokens.save(fresh).catch((error: unknown) => console.error(error));
    },
    unauthorized: () => {
      tokens.forget();
      setToken(null);
    },
  }));
  if (isSetup) {
    const { viewport } = canvas;
    return (
      <CanvasContext value={canvas}>
        {kiosk === undefined ? (
          <SetupPage
            place={place}
            viewport={viewport}
            scenes={bundledScenes()}
            firstScene={sceneOf(sceneInAddress(location.search)?.id ?? FIRST_SCENE)}
            onSave={(chosen) => {
              keepPlace(localStorage, chosen);
              setPlace(chosen);
              setIsSetup(false);
            }}
            onCancel={() => setIsSetup(false)}
          />
        ) : (
          <KioskSetup kiosk={kiosk.bridge} viewport={viewport} scenes={bundledScenes()} sceneOf={sceneOf} />
        )}
      </CanvasContext>
    );
  }
  return (
    <CanvasContext value={canvas}>
      {token === null ? (
        <PairingScreen tokens={tokens} onToken={handlers.paired} />
      ) : (
        <LiveWall
          tokens={tokens}
          token={token}
          stillness={stillness}
          sound={sound}
          volume={volume}
          machine={kiosk?.machine}
          onUnauthorized={handlers.unauthorized}
        />
      )}
      {kiosk !== undefined && <PinEntry kiosk={kiosk.bridge} />}
      {kiosk?.configFault != null && <ConfigFault fault={kiosk.configFault} />}
    </CanvasContext>
  );
}
