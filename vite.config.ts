import react from '@vitejs/plugin-react';
import { defineConfig, type HtmlTagDescriptor, type Plugin, type Rolldown } from 'vite';

/**
 * The wall's first script asks for the board and then for the rest of the page. What that rest is stands in the HTML, so
 * that it is fetched beside the first script, not after it; styles in the order in which the scripts import them.
 */
function fetchedAhead(page: string): Plugin {
  return {
    name: 'fetched-ahead',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle, chunk }) {
        if (bundle === undefined || chunk?.name !== page) return;
        const scripts = new Set<string>();
        const styles = new Set<string>();
        const add = (name: string) => {
          const needed = bundle[name];
          if (scripts.has(name) || needed?.type !== 'chunk') return;
          scripts.add(name);
          needed.imports.forEach(add);
          for (const style of (needed as Rolldown.OutputChunk).viteMetadata?.importedCss ?? []) styles.add(style);
        };
        chunk.dynamicImports.forEach(add);
        const link = (rel: 'modulepreload' | 'stylesheet', name: string): HtmlTagDescriptor => ({
          tag: 'link',
          attrs: { rel, crossorigin: true, href: `./${name}` },
          injectTo: 'head',
        });
        return [
          ...[...scripts].filter((name) => !html.includes(name)).map((name) => link('modulepreload', name)),
          ...[...styles].map((name) => link('stylesheet', name)),
        ];
      },
    },
  };
}

/**
 * The wall's page; the desk's and the brief's are built beside it (tools/build.mjs), so that the wall waits for four
 * scripts and one style sheet and not for each that it would share with them. Target: the oldest Chromium that shows
 * them, the fallback Electron's 130.
 */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react(), fetchedAhead('index')],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }] },
      },
    },
  },
  server: { port: 5173, strictPort: true, host: '127.0.0.1' },
});
