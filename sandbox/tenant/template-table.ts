import type { Row } from '../json.js';

export interface Template {
  id: number;
  client: number;
  /** 0: none. */
  contract: number;
  period: number;
  reference: string;
  /** Months from this one of the first run, on `day` of the month. */
  start: number;
  day?: number;
  /** Last day is the end of this month, counted from this one. */
  end?: number;
  disabled?: true;
  /** How many months ago its runs stopped although it is neither disabled nor ended. */
  stalled?: number;
  currency?: number;
  lines: readonly TemplateLine[];
  more?: Row;
}

/** `[item, quantity, unit price in pence, unusual fields]`. */
export type TemplateLine = readonly [string, number, number, Row?];

const USERS: Row = { recurring_invoice_quantity_type: 2, calculate_price_from_users: true };
const DEVICES: Row = { recurring_invoice_quantity_type: 3, calculate_price_from_assets: true };
const LICENCES: Row = { recurring_invoice_quantity_type: 4 };
const INACTIVE: Row = { isinactive: true };
const ONE_TIME: Row = { onetimecharge: true, onetimechargeinvoiceid: 0 };
const CHARGED_ONCE: Row = { onetimecharge: true, isinactive: true };
const METER: Row = { is_meter: true, meter_id: 61, meter_pricing_method: 0 };
const HEADING: Row = { isgroupdesc: true };

/** Every period code, an unknown one, and each way in which a template goes wrong. */
export const TEMPLATES: readonly Template[] = [
  {
    ...{ id: -94, client: 12, contract: 31, period: 2, reference: 'Managed service NW', start: -24 },
    lines: [
      ['', 0, 0, HEADING],
      ['MS-USER', 25, 38_00, USERS],
      ['MS-SRV', 2, 120_00],
      ['BKP', 1, 60_00, INACTIVE],
      ['SETUP', 1, 300_00, CHARGED_ONCE],
    ],
  },
  t(-95, 12, 33, 2, 'Microsoft 365 NW', -18, [
    ['M365BP', 25, 18_10, LICENCES],
    ['M365E3', 4, 32_45, LICENCES],
  ]),
  t(-61, 12, 0, 4, 'Old hosting', -58, [['HOST', 1, 75_00]], { disabled: true, end: -31 }),
  t(-97, 17, 32, 3, 'AV yearly', -21, [['AV', 18, 24_00]], { day: 15 }),
  t(-98, 17, 34, 2, 'Managed service CD', -17, [
    ['MS-USER', 15, 41_50, USERS],
    ['MS-SRV', 1, 120_00],
  ]),
  t(
    -99,
    21,
    35,
    2,
    'Managed service CP',
    -16,
    [
      ['MS-USER', 32, 39_95, USERS],
      ['FWAAS', 2, 64_25],
    ],
    {
      more: { minimum_price_active: true, minimum_amount: 1500, minimum_line_description: 'Minimum monthly charge' },
    },
  ),
  t(-100, 21, 51, 4, 'Disaster recovery CP', -12, [['DR', 1, 960_00]]),
  t(-101, 23, 0, 2, 'Backup retention', -10, [['BKP', 2, 44_90]]),
  t(
    -102,
    26,
    36,
    2,
    'Managed service AW',
    -22,
    [
      ['MS-USER', 48, 37_80, DEVICES],
      ['FWAAS', 1, 402_00],
    ],
    { day: 5 },
  ),
  t(
    -103,
    27,
    37,
    2,
    'Shop support',
    -13,
    [
      ['MS-USER', 6, 43_00, USERS],
      ['VOIP', 6, 10_00],
    ],
    {
      more: { client_to_invoice_to_id: 26 },
    },
  ),
  t(
    -104,
    29,
    38,
    2,
    'Managed service Europa',
    -17,
    [
      ['MS-USER', 40, 44_00, USERS],
      ['BKP', 1, 100_00],
    ],
    { currency: 2 },
  ),
  t(-105, 29, 0, 8, 'Wildcard certificate', -13, [['SSL', 1, 389_99]], { currency: 2, day: 20 }),
  t(-106, 31, 39, 2, 'Managed service TT', -15, [
    ['MS-USER', 19, 41_00, USERS],
    ['AV', 19, 6_65, DEVICES],
  ]),
  t(-107, 31, 0, 5, 'Dublin web shop', -14, [['HOST', 1, 612_60]], { currency: 2, day: 10 }),
  t(
    -108,
    34,
    40,
    2,
    'Managed service WWI',
    -20,
    [
      ['MS-USER', 36, 39_50, USERS],
      ['MS-SRV', 2, 81_00],
    ],
    { stalled: 2 },
  ),
  t(-109, 34, 41, 1, 'Weekly site visit', -5, [['VISIT', 1, 145_00]]),
  t(-110, 36, 42, 2, 'Managed service PRO', -19, [['MS-USER', 11, 41_43, USERS]]),
  t(-111, 38, 43, 2, 'Managed service WFS', -21, [
    ['MS-USER', 65, 45_20, USERS],
    ['VOIP', 20, 9_10],
    ['MIN', 1840, 2, METER],
  ]),
  t(-112, 38, 0, 7, 'Firewall warranty', -9, [['WARR', 2, 1199_00]], { day: 12 }),
  t(-113, 41, 45, 2, 'Managed service ASH 2025', -2, [
    ['MS-USER', 14, 41_92, USERS],
    ['SETUP', 1, 220_00, CHARGED_ONCE],
  ]),
  t(-114, 41, 44, 2, 'Managed service ASH 2023', -22, [['MS-USER', 13, 40_00]], { disabled: true, end: -3 }),
  t(
    -115,
    43,
    0,
    3,
    'Domains',
    -16,
    [
      ['DOM', 12, 14_49],
      ['DOM', 1, 61_00],
    ],
    { day: 3 },
  ),
  t(-116, 43, 0, 9, 'UPS plan', -11, [['UPS', 3, 645_00]], { day: 18 }),
  t(-117, 45, 0, 6, 'Cabling warranty', -6, [['WARR', 1, 750_00]], { day: 24 }),
  t(-118, 45, 46, 2, 'Managed service COH', -12, [
    ['', 0, 0, HEADING],
    ['MS-USER', 16, 40_00, USERS],
    ['DOM', 3, 12_33],
  ]),
  t(-119, 47, 47, 2, 'Managed service MT', 1, [['MS-USER', 9, 43_22, USERS]]),
  t(-120, 47, 0, 2, 'Web hosting MT', -20, [['HOST', 1, 29_95]], { end: -4 }),
  t(-121, 49, 0, 0, 'Till set-up', -3, [['SETUP', 1, 75_00]]),
  t(-122, 49, 0, 12, 'Loyalty app', -4, [['FEE', 1, 20_00]]),
  t(-123, 49, 48, 2, 'Managed service 4C', -10, [
    ['MS-USER', 6, 44_00, USERS],
    ['SETUP', 1, 250_00, ONE_TIME],
  ]),
  t(-124, 17, 0, 2, 'Telephony CD', -8, [
    ['VOIP', 12, 11_25],
    ['FEE', 1, 0],
  ]),
  t(-125, 31, 52, 2, 'Cloud backup TT', -2, [['BKP', 2, 59_00]], { disabled: true, stalled: 3 }),
  // Without a next date, at a price to be agreed, with a line billed yearly.
  t(-126, 49, 0, 2, 'Spare till', -1, [['FEE', 1, 0, { billingperiod: 3 }]], {
    stalled: 3,
    more: { nextcreationdate: null },
  }),
];

function t(
  id: number,
  client: number,
  contract: number,
  period: number,
  reference: string,
  start: number,
  lines: readonly TemplateLine[],
  more: Partial<Template> = {},
): Template {
  return { id, client, contract, period, reference, start, lines, ...more };
}
