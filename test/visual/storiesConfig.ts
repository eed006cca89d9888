import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';

const here = import.meta.dirname;

/** Builds the stories as a page of their own; they never become part of the product's pages. */
export const storiesConfig: InlineConfig = {
  configFile: false,
  root: here,
  base: './',
  logLevel: 'warn',
  plugins: [react()],
  build: {
    outDir: `${here}/../../.cache/stories`,
    emptyOutDir: true,
    target: 'chrome130',
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: `${here}/stories.html` },
  },
  preview: { host: '127.0.0.1', port: 0 },
};

/** For tools/sceneScreens.mjs, which has Vite read this file as its configuration. */
export default storiesConfig;
