/** Whose revenue it is, and in which currency (questions b and g). */
import { keepClient, keepCurrency, readers } from '../../revenue/index.js';
import { answer, counted, noRows, type Question } from './question.js';
import { documentsOf } from './sample.js';

const { decimal } = readers;

/** Question b. */
export const originalClient: Question = {
  id: 'original_client',
  title: 'original_client_id is the client served, where another one pays',
  ask(sample) {
    const named = documentsOf(sample).flatMap(({ invoice, lines }) => {
      const ids = [invoice.original_client, ...lines.map(({ line }) => line.original_client)];
      const others = [...new Set(ids)].filter((id) => id > 0 && id !== invoice.client);
      return others.map((id) => ({ id, payer: invoice.client }));
    });
    if (named.length === 0) return noRows('no invoice names another client as the original one');
    const clients = new Map((sample.clients?.rows ?? []).map((row) => [keepClient(row)?.id, keepClient(row)]));
    const read = named.filter(({ id }) => clients.has(id));
    const explained = read.filter(({ id, payer }) => {
      const client = clients.get(id);
      return client?.bill_to === payer || client?.bill_to_recurring === payer;
    });
    return answer(
      `named on ${counted(named.length, 'invoice')}; of ${counted(read.length, 'original client')} read ` +
        `${explained.length} are set to be invoiced through the one who pays`,
      { invoices: named.length, client_read: read.length, explained: explained.length },
      (read.length === 0 || explained.length < read.length) &&
        'Revenue counts at the original client; attribute_to billed_client counts it at the one who pays.',
    );
  },
};

/** Question g. Its answer is for a person who knows which currency is worth more. */
export const conversionRate: Question = {
  id: 'conversion_rate',
  title: 'Which way conversion_rate goes',
  ask({ currencies }) {
    const rates = currencies.flatMap((row) => {
      const code = keepCurrency(row)?.code;
      const rate = decimal(row.conversion_rate);
      return code === undefined || rate === undefined ? [] : [{ code, side: rate.cmp(1) }];
    });
    if (rates.length < 2) return noRows('at most one currency has a rate', { currencies: rates.length });
    const at = (side: number) => rates.filter((rate) => rate.side === side).map(({ code }) => code);
    const codes = (side: number) => at(side).join(', ') || 'none';
    return answer(
      `at 1: ${codes(0)}; above 1: ${codes(1)}; below 1: ${codes(-1)}`,
      { currencies: rates.length, at_1: at(0).length, above_1: at(1).length, below_1: at(-1).length },
      'If a currency above 1 is worth less than the home currency, the rate is foreign units for one of home. ' +
        "Halo's rates are never used: currencies stay apart, and convert takes the rates that you give.",
    );
  },
};
