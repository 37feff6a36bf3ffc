/** Endpoints, rows and scopes that a plugin's author adds to the sandbox. */
import { afterEach, describe, expect, test } from 'vitest';
import { bearer } from '../../kit/trial.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.js';
import { readOwn } from '../../sandbox/own-file.js';
import { folderWith } from '../session.js';

let halo: Sandbox;
afterEach(() => halo?.close());

async function start(options: SandboxOptions) {
  halo = await startSandbox({ scopes: ['all'], ...options });
  const headers = await bearer(halo);
  return async (path: string) => {
    const answer = await fetch(`${halo.url}/api${path}`, { headers });
    return { status: answer.status, lacks: answer.headers.get('x-sandbox-lacks'), body: await answer.text() };
  };
}

const articles = [
  { id: 1, name: 'Reset a password', client_id: 12 },
  { id: 2, name: 'Printer on fire', client_id: 29 },
];

describe('an endpoint of an author’s own', () => {
  test('pages, filters by its fields, searches, and gives each row by its id', async () => {
    const get = await start({ routes: { '/KBArticle': { key: 'articles', rows: articles } } });
    const page = JSON.parse((await get('/KBArticle?pageinate=true&page_size=1&page_no=2')).body);
    expect(page).toMatchObject({ record_count: 2, articles: [{ id: 2 }] });
    const idsOf = async (query: string) =>
      JSON.parse((await get(`/kbarticle?${query}`)).body).articles.map(({ id }: { id: number }) => id);
    expect(await idsOf('client_id=29')).toEqual([2]);
    expect(await idsOf('search=PASSWORD')).toEqual([1]);
    expect(await idsOf('colour=red')).toEqual([1, 2]);
    expect(JSON.parse((await get('/KBArticle/2')).body)).toEqual(articles[1]);
    expect((await get('/KBArticle/3')).status).toBe(404);
  });

  test("an endpoint of an author's own is shut to a token without its scope", async () => {
    const get = await start({ scopes: ['read:tickets'], routes: { KBArticle: { scope: 'read:kb', rows: articles } } });
    // The helper's token has all that it may have, but not read:kb.
    expect((await get('/KBArticle')).status).not.toBe(200);
  });

  test('may answer by itself, as a bare array, or take the place of one that is there', async () => {
    const get = await start({
      routes: {
        '/KBArticle': { answer: ({ query }) => ({ asked: query.get('x') }) },
        '/Supplier': articles,
        '/Site': { answer: () => undefined },
      },
    });
    expect(JSON.parse((await get('/KBArticle?x=7')).body)).toEqual({ asked: '7' });
    expect(JSON.parse((await get('/Supplier')).body)).toEqual(articles);
    expect(await get('/Site')).toMatchObject({ status: 404, lacks: null });
  });
});

describe('rows of an author’s own', () => {
  test('stand among those of the sandbox, and each by its id', async () => {
    const depot = { id: 9001, name: 'Depot', client_id: 12 };
    const get = await start({ rows: { '/Site': [depot] } });
    const { sites } = JSON.parse((await get('/Site?client_id=12&count=200')).body);
    expect(sites.length).toBeGreaterThan(1);
    expect(sites).toContainEqual(depot);
    expect(JSON.parse((await get('/Site?client_id=29&count=200')).body).sites).not.toContainEqual(depot);
    expect(JSON.parse((await get('/Site/9001')).body)).toEqual(depot);
  });

  test('of an endpoint that is not there are refused, with the way out', async () => {
    await expect(startSandbox({ rows: { '/KBArticle': articles } })).rejects.toThrow('give it as a route');
  });
});

test('what the sandbox lacks is reported as such', async () => {
  const get = await start({});
  expect(await get('/KBArticle')).toMatchObject({ status: 404, lacks: 'endpoint' });
});

test.each([
  ['own.mjs', 'export default { rows: {} };', undefined],
  ['own.json', '{ "routes": {} }', undefined],
  ['own.mjs', 'export default { colours: 1 };', '"colours"'],
  ['own.mjs', 'export const routes = {};', 'must export an object by default'],
  ['own.mjs', 'export default {', "can't be read"],
])('%s holding %s', async (name, source, fault) => {
  const file = `${folderWith({ [name]: source })}/${name}`;
  if (fault === undefined) await expect(readOwn(file)).resolves.toBeTypeOf('object');
  else await expect(readOwn(file)).rejects.toThrow(fault);
});
