import type { AgentOptions, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { ProxyServer } from '../settings.js';
import { PROXY } from './proxy-fault.js';

const CONNECT_MS = 5000;

/** A connection to Halo through a proxy, which sees only the host's name. */
export class Tunnel extends HttpsProxyAgent<string> {
  constructor({ url, credentials }: ProxyServer, options: AgentOptions) {
    const login = credentials && { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
    // Not in the URL, which the library prints when it traces.
    super(url, { ...options, headers: () => ({ ...login }), rejectUnauthorized: true } as AgentOptions);
  }

  /** @throws Error with a code that begins with PROXY if the proxy gives no connection */
  override async connect(request: ClientRequest, options: Parameters<HttpsProxyAgent<string>['connect']>[1]) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), CONNECT_MS);
    let status = 200;
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      status = statusCode;
    });
    // Read before anything is awaited: another request has a signal of its own.
    this.connectOpts = { ...this.connectOpts, signal: patience.signal };
    const socket: Socket = await super
      .connect(request, options)
      .catch((error: { code?: string }) => {
        throw fault(/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(error.code ?? '') ? 'TLS' : 'SILENT');
      })
      .finally(() => clearTimeout(timer));
    if (status === 200) return socket;
    // What it said instead is not an answer from Halo.
    socket.destroy();
    throw fault(status);
  }
}

const fault = (what: string | number) =>
  Object.assign(new Error('the proxy gives no connection'), { code: `${PROXY}${what}` });
