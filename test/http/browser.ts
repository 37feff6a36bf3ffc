/** A real browser without a window, driven over its own pipe, where this machine has one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { programOf } from '../core/store/redis.js';
import { emptyFolder, type Json } from '../session.js';

const PROGRAM = programOf('chromium', 'chromium-browser', 'google-chrome', 'chrome');

/** Why tests with a browser are left out here; undefined where they run. */
export const WITHOUT_BROWSER = PROGRAM === undefined ? 'no Chromium is installed here' : undefined;

/** How long a page may take to come, or to show what is waited for. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 50;

export interface Page {
  goTo(url: string): Promise<void>;
  /** What an expression is on the page, once it is something; the page may still be on its way. */
  see<T>(expression: string): Promise<T>;
  /** Clicks in the middle of what a selector finds, as a person does. */
  click(selector: string): Promise<void>;
  /** @returns a PNG of the page as a window of that width shows it, after it was looked at in that width */
  picture(width: number, look?: () => Promise<void>): Promise<Buffer>;
}

export interface Browser {
  page(): Promise<Page>;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
  const profile = emptyFolder();
  const own = ['--remote-debugging-pipe', `--user-data-dir=${profile}`, '--no-first-run', '--disable-gpu'];
  // Tests may run as root, whom the sandbox turns down; only pages of the tests are opened.
  const args = ['--headless=new', '--no-sandbox', '--disable-background-networking', ...own, 'about:blank'];
  const child = spawn(PROGRAM as string, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [to, from] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { resolve: (answer: Json) => void; reject: (error: Error) => void }>();
  let rest = '';
  from.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const { id, result, error } = JSON.parse(message) as { id?: number; result?: Json; error?: { message: string } };
      const asked = id === undefined ? undefined : waiting.get(id);
      if (error === undefined) asked?.resolve(result ?? {});
      else asked?.reject(new Error(error.message));
      if (id !== undefined) waiting.delete(id);
    }
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The browser has ended.'));
  });
  let last = 0;
  const ask = (method: string, params: object = {}, sessionId?: string): Promise<Json> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      to.write(`${JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) })}\0`);
    });
  return {
    async page() {
      const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
      return pageOf((method, params) => ask(method, params, String(sessionId)));
    },
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function pageOf(ask: (method: string, params?: object) => Promise<Json>): Page {
  const look = async <T>(expression: string): Promise<T | undefined> => {
    // While a page goes, there is nothing to look at.
    const { result } = await ask('Runtime.evaluate', { expression, returnByValue: true }).catch(() => ({}) as Json);
    return (result as { value?: T } | undefined)?.value;
  };
  const see = async <T>(expression: string): Promise<T> => {
    for (let looks = PATIENCE_MS / LOOK_MS; looks > 0; looks -= 1) {
      const seen = await look<T>(expression);
      if (seen) return seen;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new Error(`${expression} is not to be seen at ${await look('location.href + document.body?.innerText')}`);
  };
  return {
    see,
    async goTo(url) {
      await ask('Page.navigate', { url });
      await see('document.readyState === "complete"');
    },
    async click(selector) {
      const [x, y] = await see<[number, number]>(
        `(() => { const box = document.readyState === 'complete' && document.querySelector(${JSON.stringify(selector)})?.getBoundingClientRect(); return box && [box.x + box.width / 2, box.y + box.height / 2]; })()`,
      );
      for (const type of ['mousePressed', 'mouseReleased'])
        await ask('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    },
    async picture(width, lookAtIt) {
      await ask('Emulation.setDeviceMetricsOverride', {
        width,
        height: 900,
        deviceScaleFactor: 1,
        mobile: width < 600,
      });
      await lookAtIt?.();
      const { data } = await ask('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
      await ask('Emulation.clearDeviceMetricsOverride');
      return Buffer.from(String(data), 'base64');
    },
  };
}
