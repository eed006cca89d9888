import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAnnunciator } from '../../renderer/live/annunciator.ts';
import { openSpeaker, wantedVolume } from '../../renderer/live/speaker.ts';

/** What a browser's synthesiser was asked to play. */
const tones: { readonly frequency: number; readonly fromSeconds: number }[] = [];
let opened = 0;
/** Whether the synthesiser is at work. */
let running = false;
/** Ends the tone that was started last. */
let endLast = (): void => {};
/** The loudness of every rise and fall. */
const gains: number[] = [];

class FakeAudio {
  readonly currentTime = 5;
  readonly destination = {};
  constructor() {
    opened += 1;
    running = true;
  }
  get state(): AudioContextState {
    return running ? 'running' : 'suspended';
  }
  async resume(): Promise<void> {
    running = true;
  }
  suspend = async () => {
    running = false;
  };
  close = async () => {};
}
class FakeOscillator {
  readonly frequency: number;
  onended: (() => void) | null = null;
  constructor(_audio: unknown, { frequency }: { readonly frequency: number }) {
    this.frequency = frequency;
  }
  connect = (next: unknown) => next;
  start(fromSeconds: number): void {
    tones.push({ frequency: this.frequency, fromSeconds });
    endLast = () => this.onended?.();
  }
  stop = () => {};
}
class FakeGain {
  readonly gain = {
    setValueAtTime() {},
    linearRampToValueAtTime: (value: number) => {
      gains.push(value);
    },
  };
  connect = (next: unknown) => next;
}

beforeEach(() => {
  tones.length = 0;
  gains.length = 0;
  opened = 0;
  running = false;
  vi.stubGlobal('AudioContext', FakeAudio);
  vi.stubGlobal('OscillatorNode', FakeOscillator);
  vi.stubGlobal('GainNode', FakeGain);
});
afterEach(() => vi.unstubAllGlobals());

/** A page that somebody may touch. */
function page(hasBeenActive: boolean, kiosk = false) {
  const target = new EventTarget();
  const listened = new Set<string>();
  return {
    /** Kinds of touch that are waited for. */
    listening: () => listened.size,
    touch: (type: 'keydown' | 'pointerdown') => target.dispatchEvent(new Event(type)),
    view: {
      navigator: { userActivation: { hasBeenActive } },
      addEventListener(type: string, run: () => void) {
        listened.add(type);
        target.addEventListener(type, run);
      },
      removeEventListener(type: string, run: () => void) {
        listened.delete(type);
        target.removeEventListener(type, run);
      },
      ...(kiosk ? { kiosk: {} } : {}),
    } as unknown as Parameters<typeof openSpeaker>[0],
  };
}

it.each([
  ['', 1],
  ['?volume=0.5', 0.5],
  ['?volume=0', 0],
  ['?volume=', 1],
  ['?volume=1.5', 1],
  ['?volume=-1', 1],
  ['?volume=loud', 1],
])('the volume that an address asks for: %s', (search, volume) => {
  expect(wantedVolume(search)).toBe(volume);
});

it('half the volume is half as loud', async () => {
  const loudest = async (volume: number) => {
    gains.length = 0;
    const speaker = openSpeaker(page(false, true).view, true, volume);
    speaker.play();
    await vi.waitFor(() => expect(gains.length).toBeGreaterThan(1));
    speaker.close();
    return Math.max(...gains);
  };
  expect(await loudest(0.5)).toBeCloseTo((await loudest(1)) / 2);
});

describe('the speaker', () => {
  it('waits in a browser for the first touch, and makes nothing before it', () => {
    const { view, touch, listening } = page(false);
    const speaker = openSpeaker(view, true);
    expect(listening()).toBe(2);
    const heard = vi.fn();
    speaker.subscribe(heard);
    expect(speaker.state()).toBe('blocked');
    expect(opened).toBe(0);
    touch('keydown');
    expect(speaker.state()).toBe('on');
    expect(heard).toHaveBeenCalledTimes(1);
    expect([opened, running]).toEqual([1, false]);
    touch('pointerdown');
    expect(listening()).toBe(0);
    speaker.close();
  });

  it.each([
    ['in the kiosk', page(false, true)],
    ['on a page that was touched already', page(true)],
  ])('sounds at once %s', async (_, { view }) => {
    const speaker = openSpeaker(view, true);
    expect(speaker.state()).toBe('on');
    speaker.play();
    await vi.waitFor(() => expect(tones.length).toBeGreaterThan(1));
    expect(tones.map(({ fromSeconds }) => fromSeconds)).toEqual([...tones.map((tone) => tone.fromSeconds)].sort());
    expect(tones[0]?.fromSeconds).toBe(5);
    speaker.close();
  });

  it('keeps no synthesiser at work between two sounds', async () => {
    const speaker = openSpeaker(page(true).view, true);
    expect(opened).toBe(0);
    for (const sounds of [1, 2]) {
      speaker.play();
      await vi.waitFor(() => expect(tones.length).toBe(4 * sounds));
      expect(running).toBe(true);
      endLast();
      expect(running).toBe(false);
    }
    expect(opened).toBe(1);
    speaker.close();
  });

  it('is not cut short by the end of the sound before it', async () => {
    const speaker = openSpeaker(page(true).view, true);
    speaker.play();
    await vi.waitFor(() => expect(tones.length).toBe(4));
    const endFirst = endLast;
    speaker.play();
    await vi.waitFor(() => expect(tones.length).toBe(8));
    endFirst();
    expect(running).toBe(true);
    endLast();
    expect(running).toBe(false);
    speaker.close();
  });

  it('is not put to sleep by the end of the sound before it while it is being woken', async () => {
    const speaker = openSpeaker(page(true).view, true);
    speaker.play();
    await vi.waitFor(() => expect(tones.length).toBe(4));
    speaker.play();
    endLast();
    expect(running).toBe(true);
    await vi.waitFor(() => expect(tones.length).toBe(8));
    speaker.close();
  });

  it('begins no second sound while the first waits for a loudspeaker', async () => {
    const waits: (() => void)[] = [];
    const speaker = openSpeaker(page(true).view, true);
    const resume = vi.spyOn(FakeAudio.prototype, 'resume');
    resume.mockImplementation(() => new Promise((resolve) => waits.push(resolve)));
    speaker.play();
    speaker.play();
    expect(waits).toHaveLength(1);
    waits[0]?.();
    await vi.waitFor(() => expect(tones.length).toBe(4));
    speaker.close();
    speaker.play();
    expect([waits.length, opened]).toEqual([1, 1]);
    resume.mockRestore();
  });

  it('is silent where silence is wanted, whatever is touched', () => {
    const { view, touch } = page(false);
    const speaker = openSpeaker(view, false);
    touch('keydown');
    speaker.play();
    expect([speaker.state(), opened, tones.length]).toEqual(['off', 0, 0]);
  });

  it('calls for what waited while it could not be heard', () => {
    let state: 'blocked' | 'on' = 'blocked';
    const play = vi.fn();
    let step = () => {};
    const alert = { id: 'overdue:T-1', raisedAt: 0 };
    const figures = { alerts: { listed: [{ alert, severity: 'critical', standing: 'unacknowledged' }], flood: null } };
    const close = startAnnunciator({
      figures: {
        figures: () => figures as never,
        subscribe(listener) {
          step = listener;
          return () => {
            step = () => {};
          };
        },
      },
      speaker: { state: () => state, play },
      monotonicNow: () => 0,
    });
    step();
    expect(play).not.toHaveBeenCalled();
    state = 'on';
    step();
    step();
    expect(play).toHaveBeenCalledTimes(1);
    close();
  });
});
