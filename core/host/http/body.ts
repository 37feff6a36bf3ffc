import { IncomingMessage } from 'node:http';

/** The longest request body that is read, in bytes. */
export const MOST_BYTES = 2 ** 20;

/** A body, or why there is none. */
export type Body = Buffer | 'too large' | 'gone';

/** Reads a request's body up to the limit. If its declared length is over the limit, it is not read at all. */
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

/** Headers that the engine does not need to see. */
const WITHHELD = ['authorization', 'proxy-authorization', 'cookie'];

/** The same request with the body that was already read, without the sender's credentials. */
export function replayed(req: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(req.socket);
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor } = req;
  Object.assign(copy, { method, url, httpVersion, httpVersionMajor, httpVersionMinor, complete: true });
  const kept = (name: string | undefined) => !WITHHELD.includes(name?.toLowerCase() ?? '');
  copy.headers = Object.fromEntries(Object.entries(req.headers).filter(([name]) => kept(name)));
  copy.rawHeaders = req.rawHeaders.filter((_, index) => kept(req.rawHeaders[index - (index % 2)]));
  if (body.length > 0) copy.push(body);
  copy.push(null);
  // The engine destroys requests that it did not have to read, such as one that ends a session. The copy must not end
  // the connection: the client may have sent its next request on it.
  copy._destroy = (error, done) => done(error);
  return copy;
}
