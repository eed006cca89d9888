import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The pages (wall, desk and the brief on paper). Target: the oldest Chromium that shows them, the fallback Electron's 130. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/renderer/index.html`,
        desk: `${import.meta.dirname}/renderer/desk.html`,
        brief: `${import.meta.dirname}/renderer/brief.html`,
      },
    },
  },
  server: { port: 5173, strictPort: true, host: '127.0.0.1' },
});
