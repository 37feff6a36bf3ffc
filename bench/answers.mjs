// What an answer costs: tokens (o200k) of the tool list and of typical answers, and requests to Halo. Measured on the
// sandbox at a fixed date, so the figures are exact and the same on every machine.
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { counter } from './counter.mjs';
import { dist, here, startHalo, startServer } from './process.mjs';

export const NOW = '2026-11-28T12:00:00Z';
const MONTH = { from: '2026-10-01', to: '2026-10-31' };

/** Questions that people ask, each with the calls that answer it. */
const QUESTIONS = {
  'open tickets of a client': [['list_tickets', { client_name: 'Northwind Traders', open_only: true }]],
  'fifty tickets': [['list_tickets', { page_size: 50 }]],
  'one ticket with its notes': [['get_ticket', { id: 10311 }]],
  'notes of a ticket': [['list_actions', { ticket_id: 10311 }]],
  'fifty clients': [['list_clients', { page_size: 50 }]],
  'one client': [['get_client', { name: 'Northwind Traders' }]],
  'invoices of a month': [['list_invoices', MONTH]],
  'contracts of a client': [['list_contracts', { client_name: 'Northwind Traders' }]],
  'recurring invoices': [['list_recurring_invoices', {}]],
  'recurring and other revenue of all': [
    ['revenue_breakdown', { from: '2025-11-01', to: '2026-10-31', as_of: '2026-11-28' }],
  ],
  'recurring and other revenue of one client': [
    [
      'revenue_breakdown',
      { client_name: 'Northwind Traders', from: '2025-11-01', to: '2026-10-31', as_of: '2026-11-28' },
    ],
  ],
  projects: [['list_projects', {}]],
  assets: [['list_assets', {}]],
  agents: [['list_agents', {}]],
};

const tokens = (text) => encode(text.replaceAll(/halo-data-[\w-]{22}/g, 'halo-data-0123456789012345678901')).length;

export async function answers() {
  const halo = await startHalo(dist('sandbox.js'), ['--now', NOW]);
  const { url, clientId, clientSecret } = JSON.parse(halo.line);
  const front = await counter(url);
  const env = {
    ...{ HALO_INSTANCE_URL: front.url, HALO_CLIENT_ID: clientId, HALO_CLIENT_SECRET: clientSecret },
    HALO_MCP_CONFIG: here('unhurried.json'),
  };
  const figures = { list: 0, questions: {} };
  for (const [question, calls] of Object.entries(QUESTIONS)) {
    // A fresh server with empty caches.
    const server = startServer({ env });
    await server.greet();
    if (figures.list === 0) figures.list = tokens(JSON.stringify((await server.ask('tools/list')).result.tools));
    const before = front.count();
    let text = '';
    for (const [tool, args] of calls) text += (await server.call(tool, args)).content[0].text;
    figures.questions[question] = { tokens: tokens(text), requests: front.count() - before };
    server.close();
  }
  front.close();
  halo.close();
  return figures;
}

if (process.argv[1] === here('answers.mjs')) console.log(JSON.stringify(await answers(), null, 1));
