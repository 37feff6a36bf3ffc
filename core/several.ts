import { type CallResult, refusal } from './call/caller.js';
import { NO_NAMES } from './call/completed.js';
import { findPrompt } from './call/prompts.js';
import { nothingAt, POLICY_URI } from './call/resources.js';
import { argumentOf, CUSTOMER, promptOfSeveral, readCustomer, takeCustomer, withCustomer } from './call/several.js';
import { told } from './call/told.js';
import type { Customer } from './customer.js';
import type { Prompt } from './define.js';
import { isHaloError } from './errors.js';
import { errorText, newRef } from './output/fault.js';
import {
  isKeptFrom,
  notOn,
  type Session,
  type SessionParts,
  sessionOf,
  shownName,
  telling,
  unread,
  whenOthers,
} from './session.js';

/**
 * A session with several customers: one session for each, and an argument in every call and prompt that names the
 * customer. Addresses of records begin with the customer's name.
 */
export function sessionOfSeveral(customers: readonly [Customer, ...Customer[]], parts: SessionParts): Session {
  const { settled, redactor } = parts;
  const each = customers.map((customer) => ({ customer: customer.name, session: sessionOf(customer, parts, true) }));
  const all = each.map(({ customer }) => customer);
  const sessions = new Map(each.map(({ customer, session }) => [customer, session]));
  const at = (customer: string) => sessions.get(customer) as Session;

  const names = () => union(each.map(({ session }) => session.tools().map(({ name }) => name)));
  const showing = (name: string) =>
    each.flatMap(({ customer, session }) => {
      const shown = session.tools().find((tool) => tool.name === name);
      return shown === undefined ? [] : { customer, shown };
    });
  const prompts = (): Prompt[] => {
    const offered = each.flatMap(({ customer, session }) => session.prompts().map((prompt) => ({ customer, prompt })));
    return union([offered.map(({ prompt }) => prompt.name)]).flatMap((name) => {
      const having = offered.filter(({ prompt }) => prompt.name === name);
      return having.slice(0, 1).map(({ prompt }) =>
        promptOfSeveral(
          prompt,
          having.map(({ customer }) => customer),
        ),
      );
    });
  };

  const policy = async () => {
    const policies = await Promise.all(
      each.map(async ({ customer, session }) => [customer, JSON.parse(await session.policy())]),
    );
    return JSON.stringify(Object.fromEntries(policies), null, 1);
  };

  return {
    instructions: [
      ...union(each.map(({ session }) => session.instructions.split('\n'))),
      `There are several customers, each with a Halo of its own: ${all.join(', ')}. Every call names one; never add up what is of two.`,
    ].join('\n'),
    settled,
    get packs() {
      return union(each.map(({ session }) => session.packs));
    },
    tools: () =>
      names().flatMap((name) => {
        const [first, ...others] = showing(name);
        return first === undefined ? [] : withCustomer([first, ...others]);
      }),
    onToolsChanged: (tell) => whenOthers(names, settled, tell),
    async call(name, args, caller) {
      if (showing(name).length === 0) await settled;
      const having = showing(name);
      const unmade = (made: CallResult) => told(telling(parts, caller), { tool: shownName(name) }, async () => made);
      if (having.length === 0) {
        const isKept = customers.some((customer) => isKeptFrom(name, customer));
        return unmade(notOn(name, names(), redactor, isKept));
      }
      try {
        const argument = argumentOf(having.map(({ shown }) => shown));
        const { customer, rest } = takeCustomer(
          args,
          argument,
          having.map((one) => one.customer),
        );
        return await at(customer).call(name, rest, caller);
      } catch (error) {
        if (!isHaloError(error)) throw error;
        return unmade(refusal(error.code, errorText(error, redactor, newRef())));
      }
    },
    prompts,
    prompt(name, args = {}) {
      findPrompt(prompts(), name);
      const { [CUSTOMER]: named, ...rest } = args;
      const having = each.filter(({ session }) => session.prompts().some((one) => one.name === name));
      const customer = readCustomer(
        named,
        CUSTOMER,
        having.map((one) => one.customer),
      );
      const { description, text } = at(customer).prompt(name, rest);
      return { description, text: `For the customer "${customer}": ${text}` };
    },
    async complete(name, blank, typed, caller, given = {}) {
      const start = typed.trim().toLowerCase();
      if (blank === CUSTOMER) return { values: all.filter((one) => one.startsWith(start)), hasMore: false };
      const session = sessions.get(given[CUSTOMER] ?? '');
      // Without a customer there are no names to offer.
      return session === undefined ? NO_NAMES : session.complete(name, blank, typed, caller);
    },
    records: () => each.flatMap(({ session }) => session.records()),
    async read(uri, caller) {
      if (uri === POLICY_URI) return { mimeType: 'application/json', text: await policy() };
      const [, customer = ''] = /^halo:\/\/([a-z][a-z0-9-]*)\//.exec(uri) ?? [];
      const session = sessions.get(customer);
      if (session !== undefined) return session.read(uri, caller);
      return unread(
        nothingAt(
          uri,
          each.flatMap((one) => one.session.records()),
        ),
      );
    },
    policy,
  };
}

const union = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];
