import { useEffect } from 'react';
import { useBoardPart, useFigures, useUnit, useWallParts } from '../live/useWall.ts';
import { timeOfDay } from '../words/formats.ts';
import { isNight, nightInAddress } from './night.ts';
import { ORBIT_STEP_MS, orbitOffset } from './orbit.ts';

/** Dims the wall at night, keeps its picture from burning in and lets its scenes take turns, as the deployment says, or for the night the kiosk. Draws nothing itself. */
export function ScreenCare() {
  const unit = useUnit();
  const { stillness, director } = useWallParts();
  const { at } = useFigures();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const care = useBoardPart((snapshot) => snapshot.deployment.screens);
  const hours = nightInAddress(location.search) ?? care?.night;
  const night = hours !== undefined && isNight(timeOfDay(at, zone), hours);
  const orbits = care?.orbit === true && !stillness;
  useEffect(() => {
    const page = document.documentElement;
    page.dataset.night = String(night);
    return () => {
      delete page.dataset.night;
    };
  }, [night]);
  useEffect(() => director.takeTurns(care?.turns ?? []), [director, care]);
  useEffect(() => {
    if (!orbits) return;
    // By real time, not by the board's, which a replay may run fast; whole pixels keep the text sharp.
    const step = () => {
      const { x, y } = orbitOffset(performance.now());
      document.body.style.translate = `${Math.round(x * unit)}px ${Math.round(y * unit)}px`;
    };
    step();
    const timer = setInterval(step, ORBIT_STEP_MS);
    return () => {
      clearInterval(timer);
      document.body.style.translate = '';
    };
  }, [orbits, unit]);
  return null;
}
