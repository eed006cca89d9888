import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scene } from '../../domain/scene.ts';
import type { KioskBridge, KioskChoice, PresentDisplay, SaveAnswer, KioskSetup as Setup } from '../../protocol/ipc.ts';
import { WALL_MODES } from '../../protocol/kioskConfig.ts';
import type { ViewingPlace } from '../layout/canvas.ts';
import { useNames } from '../live/useWall.ts';
import { count } from '../words/formats.ts';
import { Field, SetupPage, type Viewport } from './SetupPage.tsx';

/** The set-up of a kiosk: the same questions, and which server, displays, scene, volume and PIN. By keyboard alone. */
export function KioskSetup(props: {
  kiosk: Pick<KioskBridge, 'readSettings' | 'saveSettings'>;
  viewport: Viewport;
  scenes: readonly Scene[];
  sceneOf: (id: string) => Scene;
}) {
  const { kiosk, viewport, scenes, sceneOf } = props;
  const [setup, setSetup] = useState<Setup>();
  const [choice, setChoice] = useState<KioskChoice>();
  const [pin, setPin] = useState('');
  const [answer, setAnswer] = useState<SaveAnswer>();
  useEffect(() => {
    let isOpen = true;
    kiosk.readSettings().then(
      (read) => {
        if (!isOpen) return;
        setSetup(read);
        setChoice(read.choice);
      },
      (error: unknown) => console.error(error),
    );
    return () => {
      isOpen = false;
    };
  }, [kiosk]);
  if (setup === undefined || choice === undefined) return null;
  const { pitchMm, farthestSeatM } = setup.choice;
  const save = (place: ViewingPlace) => {
    kiosk
      .saveSettings(
        {
          ...choice,
          pitchMm: place.pitchMm ?? null,
          farthestSeatM: place.seatMm === undefined ? null : place.seatMm / 1000,
        },
        pin === '' ? undefined : pin,
      )
      .then(setAnswer, (error: unknown) => console.error(error));
  };
  return (
    <SetupPage
      place={{ pitchMm: pitchMm ?? undefined, seatMm: farthestSeatM === null ? undefined : farthestSeatM * 1000 }}
      viewport={viewport}
      scenes={scenes}
      firstScene={sceneOf(choice.scene?.split(':')[0] ?? '')}
      onSave={save}
      onCancel={undefined}
    >
      <KioskFields
        choice={choice}
        displays={setup.displays}
        scenes={scenes}
        hasPin={setup.hasPin}
        pin={pin}
        onPin={setPin}
        onChange={setChoice}
      />
      {answer !== undefined && !answer.ok && <Refusal answer={answer} />}
    </SetupPage>
  );
}

function Refusal({ answer }: { answer: Exclude<SaveAnswer, { readonly ok: true }> }) {
  const { t } = useTranslation();
  return (
    <div className="setupRefused" role="alert" data-testid="setup-faults">
      {answer.reason === 'faulty' ? (
        <ul>
          {answer.faults.map(({ path }) => (
            <li key={path}>{t('setup.kiosk.faulty', { field: path })}</li>
          ))}
        </ul>
      ) : (
        t(`setup.kiosk.${answer.reason}`)
      )}
    </div>
  );
}

function bindingOf({ scaleFactor: _scale, isPrimary: _primary, ...binding }: PresentDisplay) {
  return binding;
}

function KioskFields(props: {
  choice: KioskChoice;
  displays: readonly PresentDisplay[];
  scenes: readonly Scene[];
  hasPin: boolean;
  pin: string;
  onPin: (pin: string) => void;
  onChange: (choice: KioskChoice) => void;
}) {
  const { choice, displays, scenes, hasPin, pin, onPin, onChange } = props;
  const { t } = useTranslation();
  const nameOf = useNames();
  const isBound = ({ id }: PresentDisplay) => choice.displays.some((binding) => binding.id === id);
  const bind = (display: PresentDisplay) =>
    onChange({
      ...choice,
      displays: isBound(display)
        ? choice.displays.filter(({ id }) => id !== display.id)
        : [...choice.displays, bindingOf(display)],
    });
  return (
    <>
      <Field label={t('setup.kiosk.server')}>
        {(id) => (
          <input
            id={id}
            name="server"
            type="text"
            value={choice.serverUrl}
            onChange={(event) => onChange({ ...choice, serverUrl: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('setup.kiosk.mode')}>
        {(id) => (
          <select
            id={id}
            name="mode"
            value={choice.mode}
            onChange={(event) => onChange({ ...choice, mode: event.target.value === 'span' ? 'span' : 'each' })}
          >
            {WALL_MODES.map((mode) => (
              <option key={mode} value={mode}>
                {t(`setup.kiosk.${mode}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset className="setupDisplays">
        <legend>{t('setup.kiosk.displays')}</legend>
        {displays.map((display) => (
          <label key={display.id} data-display={display.id}>
            <input type="checkbox" checked={isBound(display)} onChange={() => bind(display)} />
            {t('setup.kiosk.display', {
              label: display.label === '' ? count(display.id) : display.label,
              width: count(display.width),
              height: count(display.height),
            })}
            {display.isPrimary && <span>{t('setup.kiosk.primary')}</span>}
          </label>
        ))}
      </fieldset>
      <Field label={t('setup.kiosk.scene')}>
        {(id) => (
          <select
            id={id}
            name="scene"
            value={choice.scene ?? ''}
            onChange={(event) => onChange({ ...choice, scene: event.target.value === '' ? null : event.target.value })}
          >
            <option value="">{t('setup.kiosk.ownScene')}</option>
            {scenes.map((scene) => (
              <option key={scene.id} value={scene.id}>
                {nameOf(scene.title)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('setup.kiosk.volume')}>
        {(id) => (
          <input
            id={id}
            name="volume"
            type="number"
            min="0"
            max="1"
            step="0.1"
            value={choice.volume}
            onChange={(event) => onChange({ ...choice, volume: Number(event.target.value) })}
          />
        )}
      </Field>
      <Field label={t('setup.kiosk.pin')} hint={t('setup.kiosk.pinHint')} unit={hasPin ? t('setup.kiosk.pinSet') : ''}>
        {(id) => (
          <input
            id={id}
            name="pin"
            type="password"
            inputMode="numeric"
            autoComplete="off"
            value={pin}
            onChange={(event) => onPin(event.target.value.replace(/\D/g, '').slice(0, 12))}
          />
        )}
      </Field>
    </>
  );
}
