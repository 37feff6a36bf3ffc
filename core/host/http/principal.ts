import type { Narrowing } from '../../load/policy.js';
import type { Server, Who } from '../../server.js';
import type { Session } from '../../session.js';

/** What a caller may use, as its token or its claims say. Whatever is left out is not restricted. */
export interface Rights extends Narrowing {
  /** Undefined: the only customer, if there is just one. */
  customers?: readonly string[] | undefined;
}

/** A caller that has signed in. Two different objects share nothing. */
export interface Principal {
  /** Its name in the log, the audit and the limits. */
  readonly name: string;
  /** Aborted when it may no longer call, or its rights have changed. */
  readonly ended: AbortSignal;
  /** Its session; the same one for all of its requests. */
  session(): Session;
}

/** Why a caller that has signed in may not call here. */
export interface NotHere {
  notHere: string;
}

/** The customers that the caller may use here, or why there are none. */
export function customersOf({ customers }: Rights, all: readonly string[]): readonly string[] | NotHere {
  if (customers === undefined)
    return all.length === 1 ? all : { notHere: 'This token names no customer, and the server has several.' };
  const here = all.filter((name) => customers.includes(name));
  return here.length > 0 ? here : { notHere: 'No customer of this token is one of this server.' };
}

/** A principal of this server. Its session opens at its first request, and again once late plugins have loaded. */
export function principalOf(server: Server, who: Who & { principal: string }, ended: AbortSignal): Principal {
  let session: Session | undefined;
  void server.settled.then(() => {
    session = undefined;
  });
  return {
    ...{ name: who.principal, ended },
    session() {
      session ??= server.open(who);
      return session;
    },
  };
}
