// A Halo in its own process that answers at once: pages of 50 tickets of 3.7 KB and of 50 clients of 15 KB, built once
// so that only the server is measured. `node bench/halo.mjs` prints its address.
import { createServer } from 'node:http';

const TOTAL = 717;
const PAGE = 50;

/** Pads a row with further fields, as Halo sends them, up to `size` characters. */
function filled(row, size) {
  for (let n = 0; JSON.stringify(row).length < size; n += 1) {
    row[`use_${n}_setting`] = n % 3 === 0;
    row[`field${n}_value`] = n % 2 === 0 ? n * 17 : `Text of field ${n}`;
    row[`note${n}`] = '';
  }
  return row;
}

const SUBJECTS = [
  'Printer jams again',
  'VPN drops every hour',
  'New starter on Monday',
  'Mailbox is full',
  'Café till is offline',
];
const CLIENTS = ['Northwind Traders', 'Contoso Ltd', 'Adventure Works', 'Fabrikam GmbH'];
const two = (n) => String(n).padStart(2, '0');

const ticket = (n) =>
  filled(
    {
      ...{
        id: 10_000 + n,
        summary: `${SUBJECTS[n % 5]}, desk ${n}`,
        client_id: 1 + (n % 4),
        client_name: CLIENTS[n % 4],
      },
      ...{
        status_id: 1 + (n % 3),
        priority_id: 1 + (n % 4),
        agent_id: 1 + (n % 6),
        team: `Team ${n % 3}`,
        team_id: 1 + (n % 3),
      },
      ...{ tickettype_id: 1, site_id: 3, site_name: 'Main', user_id: 70 + n, user_name: `User ${n}`, sla_id: 1 },
      ...{ dateoccurred: `2026-11-${two(1 + (n % 28))}T09:12:44.123Z`, lastactiondate: '2026-11-28T10:00:00Z' },
      ...{
        fixbydate: `2026-12-${two(1 + (n % 28))}T17:00:00`,
        targetdate: '1900-01-01T00:00:00',
        hasbeenclosed: false,
      },
    },
    3700,
  );

const client = (n) =>
  filled(
    {
      ...{ id: n, name: `${CLIENTS[n % 4]} ${n}`, inactive: false, accountmanagertech: 1 + (n % 6), toplevel_id: 1 },
      ...{ toplevel_name: 'Customers', website: 'https://example.com', is_vip: false, notes: '' },
    },
    15_000,
  );

const made = new Map();
function page(path, key, make, number, size) {
  const place = `${path} ${number} ${size}`;
  const known = made.get(place);
  if (known !== undefined) return known;
  const first = (number - 1) * size;
  const rows = Array.from({ length: Math.max(0, Math.min(size, TOTAL - first)) }, (_, n) => make(first + n + 1));
  const body = JSON.stringify({ page_no: number, page_size: size, record_count: TOTAL, [key]: rows });
  made.set(place, body);
  return body;
}

const named = (names) => JSON.stringify(names.map((name, n) => ({ id: n + 1, priorityid: n + 1, name })));
const LISTS = {
  '/api/Status': named(['New', 'In Progress', 'On Hold']),
  '/api/Priority': named(['Critical', 'High', 'Medium', 'Low']),
  '/api/Team': named(['Team 0', 'Team 1', 'Team 2']),
  '/api/Agent': named(['Ann Archer', 'Bob Baker', 'Cy Cook', 'Di Dyer', 'Ed Ellis', 'Fay Fox']),
};
const PAGES = { '/api/Tickets': ['tickets', ticket], '/api/Client': ['clients', client] };

let requests = 0;
const server = createServer((incoming, outgoing) => {
  const { pathname, searchParams } = new URL(incoming.url, 'http://halo');
  incoming.resume();
  const send = (body) => {
    outgoing.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    outgoing.end(body);
  };
  if (pathname === '/requests') return send(String(requests));
  if (pathname === '/auth/token')
    return send(
      JSON.stringify({ access_token: 'made-up-token-4711', token_type: 'Bearer', expires_in: 3600, scope: 'all' }),
    );
  requests += 1;
  if (LISTS[pathname] !== undefined) return send(LISTS[pathname]);
  const known = PAGES[pathname];
  if (known === undefined) return outgoing.writeHead(404).end();
  const size = Math.min(PAGE, Number(searchParams.get('page_size') ?? PAGE));
  send(page(pathname, ...known, Number(searchParams.get('page_no') ?? 1), size));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit()).resume();
