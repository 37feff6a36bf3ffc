import { IncomingMessage } from 'node:http';

/** The longest request that is read, in bytes. */
export const MOST_BYTES = 2 ** 20;

/** A body, or why there is none. */
export type Body = Buffer | 'too large' | 'gone';

/** Reads a request's body up to the limit; one that says that it is longer is not read at all. */
export function readBody(req: IncomingMessage, most = MOST_BYTES): Promise<Body> {
  if (Number(req.headers['content-length'] ?? 0) > most) return Promise.resolve('too large');
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    req.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= most) return void parts.push(part);
      req.removeAllListeners('data').pause();
      parts.length = 0;
      resolve('too large');
    });
    req.on('end', () => resolve(Buffer.concat(parts)));
    req.on('error', () => resolve('gone'));
    req.on('close', () => resolve('gone'));
  });
}

/** What the engine has no business with. */
const WITHHELD = ['authorization', 'proxy-authorization', 'cookie'];

/** The same request with a body that has been read already, and without what its sender signed in with. */
export function replayed(req: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(req.socket);
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor } = req;
  Object.assign(copy, { method, url, httpVersion, httpVersionMajor, httpVersionMinor, complete: true });
  const kept = (name: string | undefined) => !WITHHELD.includes(name?.toLowerCase() ?? '');
  copy.headers = Object.fromEntries(Object.entries(req.headers).filter(([name]) => kept(name)));
  copy.rawHeaders = req.rawHeaders.filter((_, index) => kept(req.rawHeaders[index - (index % 2)]));
  if (body.length > 0) copy.push(body);
  copy.push(null);
  // The engine destroys a request that it had no need to read, as that which ends a session. The connection is not the
  // copy's to end: the client may have sent its next request on it.
  copy._destroy = (error, done) => done(error);
  return copy;
}
