import type { SoundState, Speaker } from './annunciator.ts';

/** Two falling pairs, in Hz: heard through talk, and no siren. */
const TONES_HZ = [880, 660, 880, 660] as const;
const TONE_SECONDS = 0.18;
const STEP_SECONDS = 0.24;
const LOUDNESS = 0.35;
/** Long enough not to click. */
const RAMP_SECONDS = 0.015;
/** What has been reckoned is still on its way to the loudspeaker when the last tone ends. */
const TAIL_SECONDS = 0.3;

/** `?sound=off` asks for silence. */
export function wantsSound(search: string): boolean {
  return new URLSearchParams(search).get('sound') !== 'off';
}

/** `?volume=0.5` asks for half; whatever is no share of 1 is passed over. */
export function wantedVolume(search: string): number {
  const asked = new URLSearchParams(search).get('volume');
  const volume = asked === null || asked === '' ? 1 : Number(asked);
  return volume >= 0 && volume <= 1 ? volume : 1;
}

/** `over` is called when the last tone has been heard. */
function ring(audio: AudioContext, volume: number, over: () => void): void {
  for (const [i, frequency] of TONES_HZ.entries()) {
    const from = audio.currentTime + i * STEP_SECONDS;
    const until = from + TONE_SECONDS;
    const tone = new OscillatorNode(audio, { type: 'triangle', frequency });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUDNESS * volume, from + RAMP_SECONDS);
    gain.gain.setValueAtTime(LOUDNESS * volume, until - RAMP_SECONDS);
    gain.gain.linearRampToValueAtTime(0, until);
    tone.connect(gain).connect(audio.destination);
    const isLast = i === TONES_HZ.length - 1;
    if (isLast) tone.onended = over;
    tone.start(from);
    tone.stop(isLast ? until + TAIL_SECONDS : until);
  }
}

/**
 * The page's own sound, made by the browser's synthesiser. The kiosk may sound at once; an ordinary browser allows it
 * after the first click or key on the page, until then the state is `blocked`.
 */
export function openSpeaker(
  view: Pick<Window, 'navigator' | 'addEventListener' | 'removeEventListener' | 'kiosk'>,
  wanted: boolean,
  volume = 1,
): Speaker {
  const listeners = new Set<() => void>();
  const gestures = ['pointerdown', 'keydown'] as const;
  let audio: AudioContext | undefined;
  /** The sound that was begun last, until it is over. */
  let sound: object | undefined;
  let waking = false;
  let state: SoundState = 'off';

  const set = (next: SoundState) => {
    if (state === next) return;
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const forgetGestures = () => {
    for (const gesture of gestures) view.removeEventListener(gesture, touched);
  };
  const complain = (error: unknown) => console.error(error);
  /** Made only once it may run: a browser complains about one that may not. */
  const synthesiser = () => {
    audio ??= new AudioContext();
    return audio;
  };
  /** A synthesiser that runs reckons its silence a hundred times a second (docs/performance.md). */
  const rest = (on: AudioContext) => {
    if (on.state !== 'closed') on.suspend().catch(complain);
  };
  const sing = async (on: AudioContext) => {
    // Before it is awake: the end of the sound before it must not put it to sleep again
    const own = {};
    sound = own;
    waking = true;
    try {
      // The system may have suspended it, for example while no loudspeaker was there
      await on.resume();
    } finally {
      waking = false;
    }
    ring(on, volume, () => {
      if (sound === own) rest(on);
    });
  };
  const allowed = () => {
    forgetGestures();
    set('on');
  };
  /** Some browsers let only what was begun by a gesture be heard later without one. */
  const touched = () => {
    rest(synthesiser());
    allowed();
  };
  if (wanted) {
    if (view.kiosk !== undefined || view.navigator.userActivation.hasBeenActive) allowed();
    else {
      set('blocked');
      for (const gesture of gestures) view.addEventListener(gesture, touched);
    }
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    play() {
      if (state === 'on' && !waking) sing(synthesiser()).catch(complain);
    },
    close() {
      forgetGestures();
      listeners.clear();
      state = 'off';
      audio?.close().catch(complain);
    },
  };
}
