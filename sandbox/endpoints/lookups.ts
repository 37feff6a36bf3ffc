import { haloDate } from '../tenant/clock.js';
import {
  CATEGORIES,
  CURRENCIES,
  LOOKUPS,
  MANDATORY,
  PRIORITIES,
  type Priority,
  RESOLVED_STATUS,
  SLAS,
  STATUSES,
  TICKET_TYPES,
} from '../tenant/lookups.js';
import { guid } from '../tenant/random.js';
import type { Row } from '../types.js';
import { bareEndpoint, type Endpoint } from './define.js';

const named = <T extends readonly [number, string, ...unknown[]]>(table: readonly T[]) =>
  table.map((entry) => ({ id: entry[0], entry }));

const statuses = bareEndpoint({
  path: 'status',
  find: (tenant) => named(tenant.is('harsh') ? [...STATUSES, RESOLVED_STATUS] : STATUSES),
  show: ({ id, entry: [, name, shortname, slaaction] }) => ({
    ...{ id, guid: guid(0x57, id), name, shortname, type: 0, slaaction, colour: '#00AABB', sequence: id },
    showonquickchange: true,
  }),
});

const ticketTypes = withFields(
  bareEndpoint({
    path: 'tickettype',
    find: () => named(TICKET_TYPES),
    show: ({ id, entry: [, name, use, projectType] }) => ({
      ...{ id, guid: guid(0x77, id), name, use, sequence: id, cancreate: true, agentscanselect: true },
      ...{ enduserscanselect: true, anonymouscanselect: false, allowattachments: true, group_id: 0, group_name: '' },
      ...{ itilrequesttype: 1, is_sprint: false, default_sla: 1, default_priority: 3, default_team: '1st Line' },
      ...{ default_agent: 0, project_type: projectType, visible: true, kanbanstatuschoice: '' },
    }),
  }),
);

/** A type by its id includes its fields on request, except in a harsh tenant. */
function withFields(types: Endpoint): Endpoint {
  return {
    ...types,
    detail(tenant, id, query) {
      const found = types.detail?.(tenant, id, query);
      if (found === undefined || !query.flag('includedetails') || tenant.is('harsh')) return found;
      const mandatory = MANDATORY[id] ?? [];
      return {
        ...found,
        hasmandatorytechfields: mandatory.length > 0,
        fields: [{ name: 'summary', label: 'Summary' }, ...mandatory].map(({ name, label }, index) => ({
          ...{ id: 900 + index, rtid: id, fieldid: 60 + index, seq: index, fieldname: label },
          fieldinfo: { id: 60 + index, name, label, mandatory: true },
        })),
      };
    },
  };
}

/** Ids are GUIDs; a whole number finds nothing. */
const priorities = bareEndpoint({
  path: 'priority',
  find: (_, query) => {
    const sla = query.int('slaid');
    return PRIORITIES.filter((one) => sla === undefined || one.sla === sla).map((one) => ({
      ...one,
      id: guid(0xb0 + one.sla, one.priority),
    }));
  },
  show: (one) => priorityRow(one, one.id),
});

const priorityRow = (one: Priority, id: string): Row => ({
  ...{ id, priorityid: one.priority, slaid: one.sla, name: one.name, responsetime: one.response },
  ...{ responseunits: 'H', fixtime: one.fix, fixunits: 'H', ishidden: false, colour: one.colour },
  ...{ fixendofday: false, responseendofday: false, workdaysoverride: 0, startofday: false },
  ...{ setfixtostartdate: false, setfixtotargetdate: false, enterslaexcuse: false },
});

const slas = bareEndpoint({
  path: 'sla',
  find: () => named(SLAS),
  show: ({ id, entry: [, name] }) => ({
    ...{ id, guid: guid(0x51, id), name, workday_id: 1, hoursaretechslocaltime: false, responsereset: false },
    ...{ response_reset_approval: false, trackslafixbytime: true, trackslaresponsetime: true },
    ...{ autoreleaseoption: false, autoreleaselimit: 0, statusafterautorelease: 0, slstatusafterfirstwarning: 0 },
    ...{ slstatusaftersecondwarning: 0, slstatusafterbreach: 0 },
  }),
});

const currencies = bareEndpoint({
  path: 'currency',
  find: () => CURRENCIES,
  show: ({ id, name, code, symbol, rate }, tenant) => ({
    ...{ id, name, code, symbol, conversion_rate: rate, last_updated: haloDate(tenant.clock.month(0)) },
  }),
});

const categories = bareEndpoint({
  path: 'category',
  find: (_, query) => ((query.int('type_id') ?? 1) === 1 ? named(CATEGORIES) : []),
  show: ({ id, entry: [, value] }) => ({ id, value, category_name: value, type_id: 1, sla_id: 0, priority_id: 0 }),
});

const lookups: Endpoint = {
  path: 'lookup',
  list(_, query) {
    const lookupid = query.int('lookupid') ?? 0;
    return Object.entries(LOOKUPS[lookupid] ?? {}).map(([id, name]) => ({ id: Number(id), lookupid, name }));
  },
};

export const lookupEndpoints: readonly Endpoint[] = [
  ...[statuses, ticketTypes, priorities, slas, currencies, categories, lookups],
];
