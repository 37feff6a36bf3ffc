/** `/Tickets/12` → `Tickets` */
export const endpointOf = (path: string) => path.split('/').find((word) => word !== '');

/** A ticket is read with its actions, and the other way round; a project is a ticket, too. */
const FAMILIES: Record<string, string> = { actions: 'tickets', projects: 'tickets', timesheetevent: 'tickets' };

/** The family of a path or a route: a change to one member may change what the others show. */
export const familyOf = (route: string): string => {
  const word = endpointOf(route.split('?')[0] ?? '')?.toLowerCase() ?? '';
  return FAMILIES[word] ?? word;
};
