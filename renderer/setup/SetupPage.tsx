import './setup.css';
import { type CSSProperties, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scene } from '../../domain/scene.ts';
import { canvasOf, type ViewingPlace } from '../layout/canvas.ts';
import { arcMinutes, farthestSeat, pitchOf, ROLE_RULES, TEXT_ROLES } from '../layout/legibility.ts';
import { PLACE_LIMITS } from '../layout/place.ts';
import { UnreadableTexts } from '../layout/SceneRefused.tsx';
import { placedSlots, sceneFit } from '../layout/sceneFit.ts';
import { rowCapacity } from '../layout/unit.ts';
import { useNames } from '../live/useWall.ts';
import { count, decimal } from '../words/formats.ts';

/** Panels whose rows follow from their height, and the least height of a row in design units (visual specification §2). */
const ROWS = [
  { panel: 'overdue', rowMin: 58 },
  { panel: 'stream', rowMin: 60 },
  { panel: 'departments', rowMin: 26 },
] as const;

const MM_PER_INCH = 25.4;

/** What is typed, as it is typed: a form must not correct who is still writing. */
interface Typed {
  readonly screens: string;
  readonly diagonal: string;
  readonly pitch: string;
  readonly seat: string;
}

function numberOf(text: string, { least, most }: { readonly least: number; readonly most: number }, times = 1) {
  const value = text.trim() === '' ? Number.NaN : Number(text) * times;
  return value >= least && value <= most ? value : undefined;
}

/** A labelled question of the form; `children` draws what is answered in. */
export function Field(props: {
  label: string;
  unit?: string;
  hint?: string | undefined;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="setupField">
      <label htmlFor={id}>{props.label}</label>
      <span className="setupInput">
        {props.children(id)}
        {props.unit !== undefined && <span>{props.unit}</span>}
      </span>
      {props.hint !== undefined && <p className="setupHint">{props.hint}</p>}
    </div>
  );
}

/** Every role of text, and at what angle the farthest seat sees it. */
function Roles({ unit, pitchMm, seatMm }: { unit: number; pitchMm: number | undefined; seatMm: number | undefined }) {
  const { t } = useTranslation();
  const known = pitchMm !== undefined && seatMm !== undefined;
  return (
    <table className="setupTable" data-testid="setup-roles">
      <thead>
        <tr>
          {(['role', 'units', 'pixels', 'angle', 'least'] as const).map((column) => (
            <th key={column}>{t(`setup.column.${column}`)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {TEXT_ROLES.map((role) => {
          const { units, script, least } = ROLE_RULES[role];
          const seen = known ? arcMinutes({ units, script, unit, pitchMm, seatMm }) : undefined;
          return (
            <tr key={role} data-role={role} data-readable={seen === undefined || seen >= least}>
              <td>{t(`setup.role.${role}`)}</td>
              <td>{count(units)}</td>
              <td>{decimal(units * unit)}</td>
              <td>{seen === undefined ? t('setup.unknown') : t('setup.arcMinutes', { value: decimal(seen) })}</td>
              <td>{t('setup.arcMinutes', { value: count(least) })}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A scene and whether the farthest seat can read it; else each text that it cannot, by panel and role. */
function SceneRow({ scene, place, viewport }: { scene: Scene; place: ViewingPlace; viewport: Viewport }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const fit = sceneFit(scene, canvasOf(viewport.width, viewport.height, place));
  return (
    <li data-scene-id={scene.id} data-fit={fit.kind}>
      <span className="setupScene">{nameOf(scene.title)}</span>
      {fit.kind === 'readable' ? (
        <span>{t('setup.readable')}</span>
      ) : (
        <span className="setupRefused">
          {t('setup.refused', { metres: decimal(fit.mostSeatMm / 1000) })}
          <UnreadableTexts fit={fit} />
        </span>
      )}
    </li>
  );
}

/** Scenes of one title differ by what they are about, not by their layout. */
function differing(scenes: readonly Scene[]): readonly Scene[] {
  return scenes.filter(({ title }, i) => scenes.findIndex((other) => other.title.zh === title.zh) === i);
}

/** CSS pixels of the whole wall page. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/**
 * Asks once how large the wall is and where its farthest reader sits, explains what follows from it, and takes no answer
 * with which the wall's first scene could not be read.
 */
export function SetupPage(props: {
  place: ViewingPlace;
  viewport: Viewport;
  scenes: readonly Scene[];
  /** The scene that the wall begins with: an answer that refuses it is not taken. */
  firstScene: Scene;
  /** What else is asked, by a kiosk. */
  children?: ReactNode;
  /** Undefined while something else stands against it. */
  onSave: ((place: ViewingPlace) => void) | undefined;
  onCancel: (() => void) | undefined;
}) {
  const { place, viewport, scenes, firstScene, children, onSave, onCancel } = props;
  const { t } = useTranslation();
  const usual = canvasOf(viewport.width, viewport.height, { screens: place.screens });
  const [typed, setTyped] = useState<Typed>({
    screens: usual.screens.toString(),
    diagonal: '',
    pitch: place.pitchMm?.toString() ?? '',
    seat: place.seatMm === undefined ? '' : (place.seatMm / 1000).toString(),
  });
  const screens = numberOf(typed.screens, PLACE_LIMITS.screens);
  const pitchMm = numberOf(typed.pitch, PLACE_LIMITS.pitchMm);
  const seatMm = numberOf(typed.seat, PLACE_LIMITS.seatMm, 1000);
  const answer: ViewingPlace = { screens, pitchMm, seatMm };
  const canvas = canvasOf(viewport.width, viewport.height, answer);
  const fit = sceneFit(firstScene, canvas);
  const isWhole = Number.isInteger(Number(typed.screens)) && screens !== undefined;
  const canSave = onSave !== undefined && isWhole && pitchMm !== undefined && seatMm !== undefined;
  const change = (field: keyof Typed, value: string) => {
    const next = { ...typed, [field]: value };
    if (field === 'pitch') setTyped({ ...next, diagonal: '' });
    else {
      const side = numberOf(next.screens, PLACE_LIMITS.screens);
      const inches = numberOf(next.diagonal, { least: 5, most: 2000 });
      const pitch =
        side === undefined || inches === undefined
          ? next.pitch
          : pitchOf(inches, viewport.width / side, viewport.height).toFixed(3);
      setTyped({ ...next, pitch });
    }
  };
  const input = (field: keyof Typed, step: string) => (id: string) => (
    <input
      id={id}
      name={field}
      type="number"
      min="0"
      step={step}
      inputMode="decimal"
      value={typed[field]}
      onChange={(event) => change(field, event.target.value)}
    />
  );
  return (
    <main className="setup" data-testid="setup" style={{ '--screens': usual.screens } as CSSProperties}>
      <h1 className="setupTitle">{t('setup.title')}</h1>
      <form
        className="setupForm"
        onSubmit={(event) => {
          event.preventDefault();
          if (canSave && fit.kind === 'readable') onSave(answer);
        }}
      >
        <p className="setupLead">{t('setup.lead')}</p>
        <Field label={t('setup.pixels')}>
          {(id) => (
            <output id={id}>
              {count(viewport.width)} × {count(viewport.height)}
            </output>
          )}
        </Field>
        <Field label={t('setup.screens')} hint={t('setup.screensHint')}>
          {input('screens', '1')}
        </Field>
        <Field label={t('setup.diagonal')} unit={t('setup.inch')} hint={t('setup.diagonalHint')}>
          {input('diagonal', 'any')}
        </Field>
        <Field label={t('setup.pitch')} unit={t('setup.mm')}>
          {input('pitch', 'any')}
        </Field>
        <Field label={t('setup.seat')} unit={t('setup.metre')} hint={t('setup.seatHint')}>
          {input('seat', 'any')}
        </Field>
        {children}
        {fit.kind === 'refused' && (
          <p className="setupRefused" role="alert" data-testid="setup-refusal">
            {t('setup.tooFar', { metres: decimal(fit.mostSeatMm / 1000) })}
          </p>
        )}
        <p className="setupButtons">
          <button type="submit" disabled={!canSave || fit.kind === 'refused'}>
            {t('setup.save')}
          </button>
          {onCancel !== undefined && (
            <button type="button" onClick={onCancel}>
              {t('setup.cancel')}
            </button>
          )}
        </p>
      </form>
      <section className="setupResult" aria-label={t('setup.result')}>
        <p className="setupUnit" data-testid="setup-unit" data-unit={canvas.unit}>
          {t('setup.unit', { unit: decimal(canvas.unit, 2) })}
          <span>
            {t('setup.canvas', {
              screens: count(canvas.screens),
              width: count(Math.floor(canvas.width)),
              height: count(Math.floor(canvas.height)),
            })}
          </span>
        </p>
        <p data-testid="setup-farthest">
          {pitchMm === undefined
            ? t('setup.farthestUnknown')
            : t('setup.farthest', {
                metres: decimal(farthestSeat(canvas.unit, pitchMm) / 1000),
                inches: decimal(
                  (Math.hypot(viewport.width / canvas.screens, viewport.height) * pitchMm) / MM_PER_INCH,
                  0,
                ),
              })}
        </p>
        <Roles unit={canvas.unit} pitchMm={pitchMm} seatMm={seatMm} />
        <p className="setupRows" data-testid="setup-rows">
          {placedSlots(firstScene, canvas).flatMap(({ panel, placed }) => {
            const rows = ROWS.find((one) => one.panel === panel);
            if (rows === undefined) return [];
            return (
              <span key={panel}>
                {t('setup.rows', {
                  panel: t(`setup.panel.${panel}`),
                  n: count(rowCapacity(placed.height, rows.rowMin)),
                })}
              </span>
            );
          })}
        </p>
        <h2 className="setupScenesTitle">{t('setup.scenes')}</h2>
        <ul className="setupScenes">
          {differing(scenes).map((scene) => (
            <SceneRow key={scene.id} scene={scene} place={answer} viewport={viewport} />
          ))}
        </ul>
      </section>
    </main>
  );
}
