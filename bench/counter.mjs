// A counter in front of a Halo: it forwards every request and counts it by its path without ids.
import { createServer, request } from 'node:http';

export async function counter(url) {
  const seen = {};
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url.split('?')[0].replace(/\/-?\d+$/, '/{id}');
    seen[path] = (seen[path] ?? 0) + 1;
    const { method, headers } = incoming;
    const onward = request(url + incoming.url, { method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ url: `http://127.0.0.1:${server.address().port}`, seen, close: () => server.close() },
    /** Requests to the API so far, without the log-in. */
    count: () => Object.entries(seen).reduce((sum, [path, many]) => sum + (path.startsWith('/api') ? many : 0), 0),
  };
}
