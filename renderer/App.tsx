import { useEffect, useState } from 'react';
import { canvasOf } from './layout/canvas.ts';
import { followViewport } from './layout/unit.ts';
import { WallGrid } from './layout/WallGrid.tsx';
import { askServer, type PairingState, startPairing } from './live/pairing.ts';
import { CanvasContext, useFiguresIfAny, useLink, useSnapshot, WallContext, type WallParts } from './live/useWall.ts';
import { startWall } from './live/wall.ts';
import type { TokenStore } from './live/wallToken.ts';
import { Connecting, Incompatible, Pairing } from './screens/Screens.tsx';

const RELOAD_INCOMPATIBLE_MS = 15_000;

/** Chooses the one whole-screen state of a wall that has a token. */
export function WallScreens({ server, onUnauthorized }: { server: string; onUnauthorized: () => void }) {
  const link = useLink();
  const snapshot = useSnapshot();
  const figures = useFiguresIfAny();
  const unauthorized = link.kind === 'refused' && link.reason === 'unauthorized';
  useEffect(() => {
    if (unauthorized) onUnauthorized();
  }, [unauthorized, onUnauthorized]);
  if (link.kind === 'refused' && link.reason === 'incompatible') {
    return <Incompatible retryAfterMs={RELOAD_INCOMPATIBLE_MS} />;
  }
  if (snapshot === undefined || figures === undefined) return <Connecting server={server} />;
  return <WallGrid />;
}

function LiveWall(props: {
  tokens: TokenStore;
  token: string;
  stillness: boolean;
  sound: boolean;
  onUnauthorized: () => void;
}) {
  const { tokens, token, stillness, sound, onUnauthorized } = props;
  const [parts, setParts] = useState<WallParts>();
  useEffect(() => {
    const wall = startWall({ serverUrl: tokens.serverUrl, token, stillness, sound });
    setParts(wall);
    return () => {
      wall.close();
      setParts(undefined);
    };
  }, [tokens, token, stillness, sound]);
  if (parts === undefined) return null;
  return (
    <WallContext value={parts}>
      <WallScreens server={tokens.serverUrl} onUnauthorized={onUnauthorized} />
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

/** The page: pairing while there is no token that the server takes, else the wall. */
export function App({ tokens, stillness, sound }: { tokens: TokenStore; stillness: boolean; sound: boolean }) {
  const [token, setToken] = useState<string | null>(tokens.token);
  const [canvas, setCanvas] = useState(() => canvasOf(innerWidth, innerHeight));
  useEffect(() => followViewport(window, {}, setCanvas), []);
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
          onUnauthorized={handlers.unauthorized}
        />
      )}
    </CanvasContext>
  );
}
