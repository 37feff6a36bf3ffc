import { definePlugin } from '../../core/index.js';
import { billingForecast } from './billing-forecast.js';
import { billingLeaks } from './billing-leaks.js';
import { clientConcentration } from './client-concentration.js';
import { deferredRevenue } from './deferred-revenue.js';
import { grossMargin } from './gross-margin.js';
import { priceUplift } from './price-uplift.js';
import { renewalsCalendar } from './renewals-calendar.js';
import { retention } from './retention.js';
import { revenueBridge } from './revenue-bridge.js';
import { revenueTrend } from './revenue-trend.js';

export default definePlugin({
  name: 'insights',
  apiVersion: 1,
  title: 'Insights',
  description: 'leaks, renewals, trend, bridge, concentration, margin, deferred revenue, prices, forecast, retention',
  instructions:
    'A tool for each question on the books: leaks, renewals, trend, bridge from billed to run rate, concentration, margin, deferred revenue, prices to raise, forecast, retention. Quote statements and totals; where complete is false there are no totals.',
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
    retention,
  ],
});
