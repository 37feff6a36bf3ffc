import { definePlugin } from '../../core/index.js';
import { billingLeaks } from './billing-leaks.js';
import { clientConcentration } from './client-concentration.js';
import { renewalsCalendar } from './renewals-calendar.js';
import { revenueTrend } from './revenue-trend.js';

export default definePlugin({
  name: 'insights',
  apiVersion: 1,
  title: 'Insights',
  description: 'leaks, renewals, trend, concentration',
  instructions:
    'Four questions on the books, each with its method: billing_leaks (agreed but not billed), renewals_calendar (what ends soon), revenue_trend (months and movements of billed MRR), client_concentration (how much hangs on few clients). Quote their totals; where complete is false there are none.',
  tools: [billingLeaks, renewalsCalendar, revenueTrend, clientConcentration],
});
