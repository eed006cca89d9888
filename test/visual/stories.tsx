import '../../renderer/tokens.css';
import '../../renderer/base.css';
import { type ReactNode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import boston from '../../deployments/boston.json?raw';
import kansasCity from '../../deployments/kansas-city.json?raw';
import taibaiLake from '../../deployments/taibai-lake.json?raw';
import type { AlertChanged } from '../../domain/alarm.ts';
import type { Boundaries, Deployment } from '../../domain/deployment.ts';
import type { TicketReported } from '../../domain/events.ts';
import { FRESH_MS } from '../../domain/metrics.ts';
import { FIRST_SCENE } from '../../domain/scene.ts';
import { readSceneChoice } from '../../domain/sceneChoice.ts';
import { loadFaces } from '../../renderer/charts/faces.ts';
import '../../renderer/fonts.ts';
import { canvasOf, type ViewingPlace } from '../../renderer/layout/canvas.ts';
import { followViewport } from '../../renderer/layout/unit.ts';
import { WallGrid } from '../../renderer/layout/WallGrid.tsx';
import type { WallClock } from '../../renderer/live/clock.ts';
import type { LinkState } from '../../renderer/live/connection.ts';
import { createDirector, sceneInAddress } from '../../renderer/live/director.ts';
import { createFiguresFeed } from '../../renderer/live/figuresFeed.ts';
import { createFrameScheduler } from '../../renderer/live/frameScheduler.ts';
import { wantsStillness } from '../../renderer/live/stillness.ts';
import { CanvasContext, WallContext, type WallParts } from '../../renderer/live/useWall.ts';
import { createWallStore } from '../../renderer/live/wallStore.ts';
import { Header } from '../../renderer/panels/header/Header.tsx';
import { AgainMark, AlertMark, CheckMark, HourglassMark, UnequalMark } from '../../renderer/panels/marks/AlertMark.tsx';
import { ChangingNumber } from '../../renderer/panels/marks/ChangingNumber.tsx';
import { CriticalStrip } from '../../renderer/panels/overdue/CriticalStrip.tsx';
import { PipelinePanel } from '../../renderer/panels/pipeline/PipelinePanel.tsx';
import { bundledScenes, sceneOf } from '../../renderer/scenes/index.ts';
import { Connecting, Fatal, Incompatible, Pairing } from '../../renderer/screens/Screens.tsx';
import { SetupPage } from '../../renderer/setup/SetupPage.tsx';
import { localDay } from '../../renderer/words/formats.ts';
import { chosenLanguage, startWords } from '../../renderer/words/words.ts';
import marshDrawn from '../fixtures/boundaries/marsh.drawn.json?raw';
import {
  allAcknowledged,
  checkMissed,
  closedUnseen,
  floodOver,
  noneTaken,
  released,
  shelved,
  systemFaults,
} from '../support/alarmStories.ts';
import { BAD_SCENES } from '../support/badScenes.ts';
import { boardFixture, FIXTURE_NOW, type FixtureOptions } from '../support/boardFixture.ts';
import { emptyBrief } from '../support/briefFixture.ts';
import './chartTexts.ts';
import './stories.css';

const deployment: Deployment = JSON.parse(taibaiLake);
const story = new URLSearchParams(location.search).get('story') ?? 'normal';
const never = () => () => {};
/** What the set-up was told, by story: a 55″ screen read from 4 m. */
const PLACES: Readonly<Record<string, ViewingPlace>> = { farSeat: { pitchMm: 0.63, seatMm: 4000 } };
const director = createDirector({ first: sceneInAddress(location.search), after: never });

const frozenClock: WallClock = { now: () => FIXTURE_NOW, pace: () => 1, sync: () => {} };
const LIVE: LinkState = { kind: 'linked', feed: 'live', retries: 0, lostForMs: 0 };
const OFFLINE: LinkState = { kind: 'linked', feed: 'offline', retries: 4, lostForMs: 366_000 };
const SILENT: LinkState = { kind: 'linked', feed: 'stale', retries: 0, lostForMs: 7000 };

declare global {
  /** Shows another scene of the same story, as a command names it. */
  function showScene(choice: string): void;
  /** The scenes that come with the product. */
  function sceneIds(): string[];
}
globalThis.showScene = (choice) => director.show(readSceneChoice(choice));
globalThis.sceneIds = () => bundledScenes().map(({ id }) => id);

/** A wall at one frozen moment; nothing in it moves or asks anything of anybody. */
function frozenWall(
  link: LinkState,
  options?: FixtureOptions,
  adjust?: (store: WallParts['store'], pass: (ms: number) => void) => void,
  district: Deployment = deployment,
): WallParts {
  let nowMs = 192_000;
  const store = createWallStore({ monotonicNow: () => nowMs, requestFrame: never });
  if (options !== undefined) {
    const { snapshot, pulse } = boardFixture(district, options);
    store.resume(snapshot);
    store.pulse(pulse);
    adjust?.(store, (ms) => {
      nowMs += ms;
    });
  }
  return {
    store,
    clock: frozenClock,
    figures: createFiguresFeed({ store, clock: frozenClock, localDay, after: never }),
    connection: { state: () => link, subscribe: never },
    scheduler: createFrameScheduler(),
    director,
    speaker: { state: () => 'on', subscribe: never },
    monotonicNow: () => 192_000,
    stillness: wantsStillness(location.search, matchMedia('(prefers-reduced-motion: reduce)').matches),
  };
}

/** The server’s last word, so long ago. */
function lastHeard(agoMs: number): (store: WallParts['store'], pass: (ms: number) => void) => void {
  return (store, pass) => {
    const { pulse } = boardFixture(deployment, {});
    store.pulse({ ...pulse, at: pulse.at - agoMs });
    pass(agoMs);
  };
}

/** The server lives, but no canary has come through for so long. */
function withLateCanary(store: WallParts['store'], pass: (ms: number) => void): void {
  const { snapshot, pulse } = boardFixture(deployment, {});
  const at = FIXTURE_NOW - 185_000;
  const seq = snapshot.seq + 1;
  const event = { type: 'canaryPassed', at, recordedAt: at } as const;
  store.apply({ epoch: snapshot.epoch, fromSeq: seq, toSeq: seq, at, events: [event] });
  pass(185_000);
  store.pulse({ ...pulse, seq });
}

/** A demo at an hour a second: the last frame told a later time than the numbers were reckoned for. */
function withFastClock(store: WallParts['store']): void {
  const { pulse } = boardFixture(deployment, {});
  store.pulse({ ...pulse, at: FIXTURE_NOW + 20 * 60_000, clock: { mode: 'demo', speed: 3600 } });
}

/** Nine grids of the district with outlines of their own, invented as the number of their approval. */
const OUTLINED = [
  ...['shiqiaonan-03', 'dongtan-01', 'liuqiao-01', 'zhangqiao-01', 'zhangqiao-02', 'anhe-01'],
  ...['hetang-02', 'yunhe-04', 'mingde-05'],
];
const marsh: Boundaries = JSON.parse(marshDrawn);
const WITH_BOUNDARIES: Deployment = {
  ...deployment,
  grids: OUTLINED.flatMap((id) => deployment.grids.find((grid) => grid.id === id) ?? []),
  map: {
    water: [],
    boundaries: {
      ...marsh,
      cells: marsh.cells.map((cell, i) => ({ ...cell, id: OUTLINED[i] ?? cell.id })),
    },
    approvalNumber: '演S(2026)0001号',
  },
};

/** The district with one feed to each of its domains. */
const ONE_FEED_EACH: Deployment = {
  ...deployment,
  sources: deployment.sources.map((source) => ({ ...source, domains: source.domains ?? ['livelihood'] })),
};

/** Traffic is late, government long gone, analysis was never heard of. */
function withOldDomains(store: WallParts['store']): void {
  const { pulse } = boardFixture(deployment, {});
  const ages: Readonly<Record<string, number | null>> = { traffic: 372_000, government: 1_085_000, analysis: null };
  store.pulse({
    ...pulse,
    sources: pulse.sources.map((source) => {
      const ageMs = ages[source.id];
      if (ageMs === undefined) return source;
      const lastEventAt = ageMs === null ? null : FIXTURE_NOW - ageMs;
      return { ...source, state: ageMs === null ? 'live' : 'silent', lastEventAt, ageMs };
    }),
  });
}

/** Every source is late, though the server lives. */
function withLateSources(store: WallParts['store']): void {
  const { pulse } = boardFixture(deployment, {});
  const at = FIXTURE_NOW - 372_000;
  const { snapshot } = boardFixture(deployment, {});
  store.resume({
    ...snapshot,
    board: { ...snapshot.board, tickets: snapshot.board.tickets.filter(({ recordedAt }) => recordedAt <= at) },
  });
  store.pulse({
    ...pulse,
    sources: pulse.sources.map((source) => ({ ...source, state: 'silent', lastEventAt: at, ageMs: 372_000 })),
  });
}

/** A district on its first day: its sources answer, and nothing has been reported yet. */
function withNothing(store: WallParts['store']): void {
  const { snapshot, pulse } = boardFixture(deployment, {});
  const { history } = snapshot;
  const none = { yesterday: null, month: null, medianMs: null, categories: [] };
  const domains = { livelihood: none, traffic: none, government: none, analysis: none, urban: none };
  const bands = { livelihood: null, traffic: null, government: null, analysis: null, urban: null };
  store.resume({
    ...snapshot,
    board: { deployment: snapshot.board.deployment, tickets: [], alerts: [], raises: [] },
    history: {
      ...history,
      yesterday: null,
      bands,
      month: { ...history.month, groups: [] },
      domains,
      brief: emptyBrief(deployment),
    },
  });
  store.pulse(pulse);
}

/** The board is there, and no source has said anything, for so long. */
function neverHeard(shownMs: number): (store: WallParts['store'], pass: (ms: number) => void) => void {
  return (store, pass) => {
    withNothing(store);
    pass(shownMs);
    const { pulse } = boardFixture(deployment, {});
    store.pulse({
      ...pulse,
      sources: pulse.sources.map((source) => ({ ...source, state: 'live', lastEventAt: null, ageMs: null })),
    });
  };
}

/** A late word from one source. */
function withLateSource(store: WallParts['store']): void {
  const { pulse } = boardFixture(deployment, {});
  store.pulse({
    ...pulse,
    sources: pulse.sources.map((source, i) =>
      i === 1 ? { ...source, state: 'silent', lastEventAt: FIXTURE_NOW - 372_000, ageMs: 372_000 } : source,
    ),
  });
}

/** A replay of another city: sources with long names, two of them silent. */
function withForeignSources(store: WallParts['store']): void {
  const { pulse } = boardFixture(deployment, {});
  const labels = [
    'Constituent Call',
    'Citizens Connect App',
    'Self Service',
    'City Worker App',
    'Employee Generated',
    'Twitter',
  ];
  store.pulse({
    ...pulse,
    clock: { mode: 'replay', speed: 1 },
    sources: labels.map((id, i) => ({
      id,
      kind: 'replay',
      state: i === 2 || i === 5 ? 'silent' : 'live',
      lastEventAt: FIXTURE_NOW - (i + 1) * 4000,
      ageMs: (i + 1) * 4000,
    })),
  });
}

/** Numbers that do not add up, as only a fault of the product could bring about. */
function withFault(parts: WallParts): WallParts {
  const figures = parts.figures.figures();
  if (figures === undefined) throw new Error('no figures');
  const { pipeline, domains } = figures;
  const faulty = {
    ...figures,
    pipeline: { ...pipeline, carriedOver: pipeline.carriedOver + 3 },
    domains: { ...domains, traffic: { ...domains.traffic, reportedToday: domains.traffic.reportedToday - 6 } },
  };
  return { ...parts, figures: { ...parts.figures, figures: () => faulty } };
}

/** Cut off for 3 min 12 s, then back with fourteen new tickets, one of them late, as a lamp is by now. */
function withReceipt(store: WallParts['store']): void {
  const { snapshot } = boardFixture(deployment, {});
  store.pulse({ ...boardFixture(deployment, {}).pulse, at: FIXTURE_NOW - 192_000 });
  store.cutOff(0);
  const fromSeq = snapshot.seq + 1;
  const events = Array.from({ length: 14 }, (_, i): TicketReported => {
    const recordedAt = FIXTURE_NOW - FRESH_MS - (14 - i) * 1000;
    return {
      type: 'ticketReported',
      ticketId: `N-${i}`,
      at: recordedAt,
      recordedAt,
      number: `GD-260318-9${i.toString().padStart(3, '0')}`,
      source: 'grid',
      domain: 'urban',
      category: 'litter',
      title: '生活垃圾满溢',
      priority: 'normal',
      location: { gridId: 'heyun-03' },
      assistDepartments: [],
      flags: [],
      ...(i < 1 ? { dueAt: recordedAt + 1000, criticalAt: FIXTURE_NOW + 600_000 } : {}),
    };
  });
  const alert = snapshot.board.alerts.find(({ state }) => state === 'unacknowledged');
  if (alert === undefined) throw new Error('no alert to acknowledge');
  const at = FIXTURE_NOW - 90_000;
  const acknowledged: AlertChanged = {
    type: 'alertChanged',
    at,
    recordedAt: at,
    stimulus: 'acknowledge',
    from: alert.state,
    reason: 'phoned',
    alert: { ...alert, state: 'acknowledged', acknowledgedBy: '赵*', acknowledgedAt: at, changedAt: at },
  };
  store.resume({ ...snapshot, kind: 'events', fromSeq, toSeq: fromSeq + 14, events: [...events, acknowledged] });
}

const wall = (parts: WallParts) => (
  <WallContext value={parts}>
    <WallGrid />
  </WallContext>
);

function withAlarms(
  story: (store: WallParts['store'], district: Deployment) => void,
): (store: WallParts['store']) => void {
  return (store) => story(store, deployment);
}

/** Looks again each second, so that what does not fit takes turns. */
function turning(parts: WallParts): WallParts {
  const figures = createFiguresFeed({
    store: parts.store,
    clock: frozenClock,
    localDay,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  return { ...parts, figures, monotonicNow: () => performance.now() };
}

/** The same board seven hours later, within the district's night. */
function atNight(parts: WallParts): WallParts {
  const clock: WallClock = { ...frozenClock, now: () => FIXTURE_NOW + 7 * 3_600_000 };
  return { ...parts, clock, figures: createFiguresFeed({ store: parts.store, clock, localDay, after: never }) };
}

/** What counts down second by second stands still too; timers of other lengths, a test's own among them, go on. */
function timeless(content: ReactNode): ReactNode {
  const after = window.setTimeout.bind(window);
  const notSeconds = (run: () => void, delayMs?: number) => (delayMs === 1000 ? 0 : after(run, delayMs));
  window.setTimeout = notSeconds as typeof window.setTimeout;
  return content;
}

/** A scene that has no list of alerts: the red strip stands in for it. */
const sceneWithoutList = (parts: WallParts) => (
  <WallContext value={parts}>
    <main className="wall" data-testid="wall" data-feed="live" data-still>
      <div className="screen">
        <div className="slotHeader">
          <Header part="whole" scene={sceneOf(FIRST_SCENE).title} />
        </div>
        <CriticalStrip />
        <PipelinePanel options={{}} />
      </div>
    </main>
  </WallContext>
);

/** One story per screen and state: what `stories.html?story=…` shows. */
const STORIES: Readonly<Record<string, () => ReactNode>> = {
  normal: () => wall(frozenWall(LIVE, {})),
  empty: () => wall(frozenWall(LIVE, { overdue: 'none' })),
  many: () => wall(frozenWall(LIVE, { overdue: 'many' })),
  lateSource: () => wall(frozenWall(LIVE, {}, withLateSource)),
  stale: () => wall(frozenWall(SILENT, {}, lastHeard(7000))),
  offline: () => wall(frozenWall(OFFLINE, {}, lastHeard(366_000))),
  /** Four streets around the map, and six in a list. */
  boston: () => wall(frozenWall(LIVE, {}, undefined, JSON.parse(boston))),
  kansasCity: () => wall(frozenWall(LIVE, {}, undefined, JSON.parse(kansasCity))),
  boundaries: () => wall(frozenWall(LIVE, {}, undefined, WITH_BOUNDARIES)),
  /** Scenes of a deployment's own that should never have come so far. */
  badScenes: () => wall(frozenWall(LIVE, {}, undefined, { ...deployment, scenes: BAD_SCENES })),
  farSeat: () => wall(frozenWall(LIVE, {})),
  setup: () => (
    <SetupPage
      place={{}}
      viewport={{ width: innerWidth, height: innerHeight }}
      scenes={bundledScenes()}
      firstScene={sceneOf(FIRST_SCENE)}
      onSave={(place) => {
        document.title = JSON.stringify(place);
      }}
      onCancel={() => {}}
    />
  ),
  nothing: () => wall(frozenWall(LIVE, {}, withNothing)),
  loading: () => wall(frozenWall(LIVE, {}, neverHeard(4000))),
  neverLoaded: () => wall(frozenWall(LIVE, {}, neverHeard(10_001))),
  lateSources: () => wall(frozenWall(LIVE, {}, withLateSources)),
  night: () => wall(atNight(frozenWall(LIVE, {}))),
  gone: () => wall(frozenWall({ ...OFFLINE, lostForMs: 1_100_000 }, {}, lastHeard(1_100_000))),
  lateCanary: () => wall(frozenWall(LIVE, {}, withLateCanary)),
  fastClock: () => wall(frozenWall(LIVE, {}, withFastClock)),
  dataStates: () => wall(frozenWall(LIVE, {}, withOldDomains, ONE_FEED_EACH)),
  foreign: () => wall(frozenWall(LIVE, {}, withForeignSources)),
  fault: () => wall(withFault(frozenWall(LIVE, {}))),
  receipt: () => wall(frozenWall(LIVE, {}, withReceipt)),
  acknowledged: () => wall(frozenWall(LIVE, {}, withAlarms(allAcknowledged))),
  checkMissed: () => wall(frozenWall(LIVE, {}, withAlarms(checkMissed))),
  shelved: () => wall(frozenWall(LIVE, {}, withAlarms(shelved))),
  closedUnseen: () => wall(frozenWall(LIVE, {}, withAlarms(closedUnseen))),
  released: () => wall(frozenWall(LIVE, {}, withAlarms(released))),
  flood: () => wall(frozenWall(LIVE, { flood: 'downpour' }, withLateSource)),
  floodCriticals: () => wall(frozenWall(LIVE, { flood: 'dangers' })),
  floodOver: () => wall(frozenWall(LIVE, { flood: 'downpour' }, withAlarms(floodOver))),
  systemFault: () => wall(frozenWall(LIVE, {}, withAlarms(systemFaults))),
  /** What an ordinary browser says before anybody has touched the page. */
  silenced: () => wall({ ...frozenWall(LIVE, {}), speaker: { state: () => 'blocked', subscribe: never } }),
  /** Time passes for the eye, though not on the wall's clock. */
  turns: () => wall(turning(frozenWall(LIVE, { overdue: 'many' }, withAlarms(noneTaken)))),
  floodTurns: () => wall(turning(frozenWall(LIVE, { flood: 'dangers' }))),
  stripTurns: () => sceneWithoutList(turning(frozenWall(LIVE, { flood: 'dangers' }))),
  criticalStrip: () => sceneWithoutList(frozenWall(LIVE, { flood: 'dangers' })),
  changes: () => <Changes />,
  marks: () => <Marks />,
  connecting: () => (
    <WallContext value={frozenWall(OFFLINE)}>
      <Connecting server="http://192.0.2.10:8311" />
    </WallContext>
  ),
  pairing: () => <Pairing code="7KQ4MX" reachable />,
  incompatible: () => <Incompatible retryAfterMs={3_600_000} />,
  fatal: () => timeless(<Fatal seconds={10} />),
};

/** A number that changes when it is clicked. */
function Changes() {
  const [value, setValue] = useState(486);
  return (
    <WallContext value={frozenWall(LIVE, {})}>
      <main className="wall">
        <button type="button" onClick={() => setValue(value + 1)}>
          <ChangingNumber text={value.toString()} />
        </button>
      </main>
    </WallContext>
  );
}

/** Every mark once, as large as in a row of alerts, on a panel. */
function Marks() {
  const marks: Readonly<Record<string, ReactNode>> = {
    ...Object.fromEntries(
      (['critical', 'high'] as const).flatMap((severity) =>
        (['filled', 'hollow', 'dashed', 'paused'] as const).map((look) => [
          `${severity} ${look}`,
          <AlertMark key={look} severity={severity} look={look} />,
        ]),
      ),
    ),
    again: <AgainMark />,
    hourglass: <HourglassMark />,
    unequal: <UnequalMark />,
    check: <CheckMark />,
  };
  return (
    <main className="panel">
      {Object.entries(marks).map(([id, mark]) => (
        <span key={id} data-mark={id} className="storyMark">
          {mark}
        </span>
      ))}
    </main>
  );
}

function Story({ show }: { show: () => ReactNode }) {
  const [canvas, setCanvas] = useState(() => canvasOf(innerWidth, innerHeight));
  const [content] = useState(show);
  useEffect(() => followViewport(window, PLACES[story] ?? {}, setCanvas), []);
  return <CanvasContext value={canvas}>{content}</CanvasContext>;
}

const language = chosenLanguage(location.search, { getItem: () => null, setItem: () => {} });
await startWords(language);
document.documentElement.lang = language;
await loadFaces('时h');
const show = STORIES[story];
const holder = document.getElementById('root');
if (show === undefined || holder === null) throw new Error('no such story');
createRoot(holder).render(<Story show={show} />);
