import { addMonths, haloDate, NEVER } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import type { Ticket } from '../tenant/tickets.js';
import type { Row } from '../types.js';

/** The milestones' shares of the budget. The first is billed when it is due. */
const SHARES = [0.3, 0.45] as const;
/** Percent done at which the second is due. */
const SECOND_DONE = 70;

/** Only the detail of a project has them. */
export function milestonesOf({ id, project }: Ticket, tenant: Tenant): Row {
  if (project === undefined) return {};
  const milestones = SHARES.map((share, index): Row => {
    const invoice = index === 0 ? billed(id, tenant) : 0;
    return {
      ...{ id: id + 5 + index, ticket_id: id, name: `Milestone ${index + 1}`, sequence: index + 1 },
      ...{ start_date: haloDate(project.start), target_date: haloDate(addMonths(project.start, index + 1)) },
      milestone_value: Math.round(project.money.budget * share) / 100,
      _complete: index === 0 ? invoice > 0 : project.done >= SECOND_DONE,
      ...(invoice > 0 ? { invoicenumber: String(invoice) } : {}),
      ...{ processed_date: NEVER, tickets: [] },
    };
  });
  return { milestones };
}

const billed = (project: number, tenant: Tenant): number =>
  tenant.book().docs.find(({ lines }) => lines.some(({ more }) => more.milestone_id === project + 5))?.id ?? 0;
