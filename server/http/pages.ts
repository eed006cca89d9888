import { existsSync } from 'node:fs';
import { join } from 'node:path';
import compression from 'compression';
import express, { type Express, type RequestHandler, type Response } from 'express';
import { problem } from '../ingest/problem.ts';
import { docsHeaders, pageHeaders } from './headers.ts';
import { sendProblem } from './mountRoutes.ts';

/** The built pages, as folders; what is not built is answered with a plain sentence. */
export interface PageFolders {
  /** The wall `index.html` and the desk `desk.html`, their `assets/`, and in `licences/` those of the fonts. */
  readonly renderer: string;
  /** Script and style of Swagger UI. */
  readonly docs: string;
}

/** Vite names these by their content, so they never change. */
const HASHED_ASSET_SECONDS = 365 * 24 * 3600;

function sendPage(response: Response, html: string, status = 200): void {
  response.status(status).set({ 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(html);
}

function plainPage(sentence: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Taibai Wall</title><p>${sentence}</p></html>\n`;
}

const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Taibai Wall: HTTP interface</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/show.js"></script>
</body>
</html>
`;
const DOCS_SCRIPT = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#page', deepLinking: true, validatorUrl: null });\n`;

/** `openApi` is asked once, when somebody first wants to read it: writing it takes a tenth of the server's start. */
export function mountPages(app: Express, folders: PageFolders, openApi: () => object): void {
  let described: string | undefined;
  app.get('/openapi.json', (_request, response) => {
    described ??= JSON.stringify(openApi());
    response.set({ 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-cache' }).end(described);
  });

  app.get('/', pageHeaders, (_request, response) => response.redirect(302, '/wall'));
  const mountBuilt = (path: '/wall' | '/desk' | '/brief', file: string) => {
    app.get(path, pageHeaders, (request, response, next) => {
      // The page names its files relative to the root; a slash at the end would lead them astray
      if (request.path !== path) {
        response.redirect(301, path);
      } else if (existsSync(join(folders.renderer, file))) {
        // By its folder: a dot in the path to the installation is no secret to keep
        const options = { root: folders.renderer, headers: { 'Cache-Control': 'no-store' }, cacheControl: false };
        response.sendFile(file, options, (error) => {
          if (error) next(error);
        });
      } else {
        const sentence = 'This page is not built yet: run <code>npm run build</code> and load it again.';
        sendPage(response, plainPage(sentence), 503);
      }
    });
  };
  mountBuilt('/wall', 'index.html');
  mountBuilt('/desk', 'desk.html');
  mountBuilt('/brief', 'brief.html');

  app.get('/docs', docsHeaders, (_request, response) => {
    if (existsSync(join(folders.docs, 'swagger-ui-bundle.js'))) sendPage(response, DOCS_PAGE);
    else
      sendPage(
        response,
        plainPage(
          'This view is not built yet; the description itself is at <a href="/openapi.json">/openapi.json</a>.',
        ),
      );
  });
  app.get('/docs/show.js', (_request, response) => {
    response.set({ 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' }).end(DOCS_SCRIPT);
  });
  app.use('/docs', docsHeaders, onlyReading, express.static(folders.docs, { index: false, redirect: false }));
  app.use(
    '/assets',
    pageHeaders,
    onlyReading,
    // Only what is the same for everybody: no secret shares an answer with what somebody else chose
    // At half of the usual effort's time, which each page that is opened waits for, for a tenth more bytes, once
    compression({ level: 3 }),
    express.static(join(folders.renderer, 'assets'), {
      index: false,
      redirect: false,
      immutable: true,
      maxAge: HASHED_ASSET_SECONDS * 1000,
    }),
  );
  app.use(
    '/licences',
    pageHeaders,
    onlyReading,
    express.static(join(folders.renderer, 'licences'), { index: false, redirect: false }),
  );
}

const onlyReading: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') next();
  else sendProblem(response, problem('method_not_allowed'), { Allow: 'GET, HEAD' });
};
