import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const html = (page) =>
  `<!doctype html><meta charset="utf-8"><title>gradstream</title><script type="module" src="/${page}.js"></script>`;

/** Serves a page and its modules from a folder; `result` is what the page posts first. `headers`: those of the page. */
export async function servePage(folder, { isolated, headers = {}, page = 'page', port = 0 }) {
  let settle;
  const result = new Promise((resolve) => (settle = resolve));
  const server = createServer(async (request, response) => {
    for (const [name, value] of Object.entries(isolated ? { ...ISOLATION, ...headers } : headers))
      response.setHeader(name, value);
    if (request.method === 'POST') {
      let text = '';
      for await (const chunk of request) text += chunk;
      response.end();
      settle(JSON.parse(text));
    } else if (request.url === '/') {
      response.setHeader('Content-Type', 'text/html').end(html(page));
    } else if (/^\/[\w-]+\.js$/.test(request.url)) {
      response.setHeader('Content-Type', 'text/javascript').end(await readFile(join(folder, request.url)));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    url: `http://127.0.0.1:${server.address().port}/`,
    result,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
