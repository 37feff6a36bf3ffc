import { definePlugin } from '../../core/index.js';
import { billingLeaks } from './billing-leaks.js';
import { clientConcentration } from './client-concentration.js';
import { renewalsCalendar } from './renewals-calendar.js';
import { revenueBridge } from './revenue-bridge.js';
import { revenueTrend } from './revenue-trend.js';

export default definePlugin({
  name: 'insights',
  apiVersion: 1,
  title: 'Insights',
  description: 'leaks, renewals, trend, bridge, concentration',
  instructions:
    'Questions on the books, each with its method: billing_leaks (agreed but not billed), renewals_calendar (what ends soon), revenue_trend (months, MRR and its movements), revenue_bridge (from what is billed to the run rate), client_concentration (how much hangs on few clients). Quote their statements and totals; where complete is false there are no totals.',
  tools: [billingLeaks, renewalsCalendar, revenueTrend, revenueBridge, clientConcentration],
});
