import { CLIENTS } from './clients.js';
import { at, must } from './random.js';

export interface Site {
  id: number;
  client: number;
  name: string;
  phone: string;
  inactive?: true;
}

/** `[id, client, name]`; the first of a client is its main site. */
const SITE_TABLE: readonly (readonly [number, number, string, 'inactive'?])[] = [
  [18, 12, 'Head Office'],
  [19, 12, 'Warehouse'],
  [20, 12, 'Leeds Office'],
  [25, 17, 'Main'],
  [26, 17, 'Chelsea Surgery'],
  [28, 21, 'Laboratory'],
  [29, 21, 'Head Office'],
  [30, 23, 'Depot'],
  [32, 26, 'Factory'],
  [33, 26, 'Design Studio'],
  [34, 27, 'High Street Shop'],
  [35, 27, 'Outlet Village', 'inactive'],
  [38, 29, 'München'],
  [40, 31, 'London'],
  [41, 31, 'Dublin'],
  [44, 34, 'Tilbury Docks'],
  [45, 34, 'City Office'],
  [47, 36, 'Chambers'],
  [50, 38, 'Canary Wharf'],
  [51, 38, 'Disaster Recovery Suite'],
  [53, 41, 'Lodge'],
  [55, 43, 'Main'],
  [57, 45, 'Estate'],
  [59, 47, 'Agency'],
  [61, 49, 'Roastery'],
];

export const SITES: readonly Site[] = SITE_TABLE.map(([id, client, name, inactive], i) => ({
  id,
  client,
  name,
  phone: `+44 20 7946 0${100 + i}`,
  ...(inactive && { inactive: true as const }),
}));

export interface User {
  id: number;
  name: string;
  site: Site;
  /** Empty for a General User. */
  email: string;
  title: string;
  important: boolean;
  inactive: boolean;
  general: boolean;
}

const FIRST = 'Mia Oliver Amara Lucas Priya Tomasz Chloë Dmitri Grace Hassan Ingrid Jack Keiko Liam Noor Zofia'.split(
  ' ',
);
const LAST =
  'Larsen Bennett Osei Fischer Raman Nowak Dubois Volkov Murphy Aziz Lindqvist Turner Sato Byrne Rahman Zielińska Hughes'.split(
    ' ',
  );

/** A General User and two to four contacts per site; ids run on from 40. */
export const USERS: readonly User[] = makeUsers();

function makeUsers(): User[] {
  let id = 40;
  let named = 0;
  return SITES.flatMap((site, index) => {
    const { domain } = must(
      CLIENTS.find((client) => client.id === site.client),
      `client ${site.client}`,
    );
    const general: User = { ...person(id++, 'General User', site), general: true };
    const contacts = Array.from({ length: 2 + (index % 3) }, (_, nth) => {
      const name = `${at(FIRST, named)} ${at(LAST, named)}`;
      named += 1;
      return {
        ...person(id++, name, site),
        email: `${plain(name)}@${domain}`,
        title: named % 2 === 1 ? 'Ms' : 'Mr',
        important: nth === 0,
        inactive: nth === 3 || (index % 7 === 5 && nth === 1),
      };
    });
    return [general, ...contacts];
  });
}

function person(id: number, name: string, site: Site): User {
  return { id, name, site, email: '', title: '', important: false, inactive: site.inactive === true, general: false };
}

function plain(name: string): string {
  const letters = name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z ]/g, '');
  return letters.replaceAll(' ', '.');
}

export const mainSite = (client: number): Site =>
  must(
    SITES.find((site) => site.client === client),
    `site of client ${client}`,
  );

/** People who may open a ticket for a client. */
export const usersOf = (client: number): readonly User[] =>
  USERS.filter((user) => user.site.client === client && !user.inactive);
