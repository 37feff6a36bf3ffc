/** `/Tickets/12` → `Tickets` */
export const endpointOf = (path: string) => path.split('/').find((word) => word !== '');

/** What is read of a ticket shows its actions and the other way round: a project is one, too. */
const FAMILIES: Record<string, string> = { actions: 'tickets', projects: 'tickets', timesheetevent: 'tickets' };

/** What a path or a route belongs to: what changes there may change whatever else does. */
export const familyOf = (route: string): string => {
  const word = endpointOf(route.split('?')[0] ?? '')?.toLowerCase() ?? '';
  return FAMILIES[word] ?? word;
};
