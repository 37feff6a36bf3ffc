/** Reads a book through ctx.halo: the only room of revenue/ that knows Halo's lists and how to query them. */

export { fetchPrepaid, fetchProfit, fetchUninvoiced } from './agreements.js';
export { answered, answeredInSlices, CLIENT, clientAsked, RATES, ratesOf, WINDOW } from './ask.js';
export { fetchBook } from './book.js';
export { fetchBlocks, fetchLicences } from './expiring.js';
export { byClient, clientRows, FORM, formText, MONEY, policyOf } from './form.js';
export { fetchMade } from './made.js';
export { fetchUplift } from './prices.js';
export {
  brokenLines,
  currenciesOf,
  emptyWhereForbidden,
  INVOICE_QUERY,
  invoiceDays,
  itemOf,
  lacksLines,
  linesOf,
  readIfThere,
  TEMPLATE_QUERY,
  today,
  unitPrice,
  withLines,
} from './queries.js';
export { fetchOwed } from './receivables.js';
export { answerBridge, answerBridgeIn } from './views/bridge.js';
export { addUp, billedNotes, listed, PROOF, type Proof, proofOf, shownValue, textOf, titled } from './views/proof.js';
export { answerTrend, answerTrendIn } from './views/trend.js';
export { fetchViews, viewsText, WITH, withOf } from './views/views.js';
