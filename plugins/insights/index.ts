import { definePlugin } from '../../core/index.js';
import { billingForecast } from './billing-forecast.js';
import { billingLeaks } from './billing-leaks.js';
import { clientConcentration } from './client-concentration.js';
import { deferredRevenue } from './deferred-revenue.js';
import { grossMargin } from './gross-margin.js';
import { priceUplift } from './price-uplift.js';
import { renewalsCalendar } from './renewals-calendar.js';
import { revenueBridge } from './revenue-bridge.js';
import { revenueTrend } from './revenue-trend.js';

export default definePlugin({
  name: 'insights',
  apiVersion: 1,
  title: 'Insights',
  description: 'leaks, renewals, trend, bridge, concentration, margin, deferred revenue, prices, forecast, retention',
  instructions:
    'Questions on the books, each with its method: billing_leaks (agreed but not billed), renewals_calendar (what ends soon), revenue_trend (months, MRR and its movements), revenue_bridge (from what is billed to the run rate), client_concentration (how much hangs on few clients), gross_margin (what lines earn), deferred_revenue (billed, not yet earned), price_uplift (prices that have stood for long), billing_forecast (what will be billed when). Quote their statements and totals; where complete is false there are no totals.',
  tools: [
    billingLeaks,
    renewalsCalendar,
    revenueTrend,
    revenueBridge,
    clientConcentration,
    grossMargin,
    deferredRevenue,
    priceUplift,
    billingForecast,
  ],
});
