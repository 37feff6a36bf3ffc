import { oneLine } from './output/clean.js';

/**
 * Every error that leaves this server, in one table: its code and its default way out, for a place that knows no better
 * one. Only our own words reach the model; what Halo or a library said goes to the log.
 */
export const ERRORS = {
  BAD_ARGUMENTS: 'Correct the arguments and call again.',
  UNKNOWN_TOOL: '`halo-mcp tools --why NAME` says why a tool is off.',
  UNKNOWN_NAME: 'Check the spelling, or pass the id.',
  AMBIGUOUS_NAME: 'Pass the id of the one that you mean.',
  HALO_NOT_CONFIGURED: 'Set HALO_INSTANCE_URL, HALO_CLIENT_ID and HALO_CLIENT_SECRET, then restart the server.',
  HALO_CREDENTIALS_REFUSED:
    'Check HALO_CLIENT_ID and HALO_CLIENT_SECRET against the API application in Halo, then restart.',
  HALO_SCOPE_MISSING: 'Tick the scope on the API application in Halo, then restart the server.',
  HALO_FORBIDDEN: 'Check the scopes of the API application, and the role of the agent that it logs in as.',
  HALO_NOT_FOUND: 'Check the id; the list tools show the ids that this login can see.',
  HALO_REQUEST_REFUSED: 'Correct the arguments and call again; nothing was changed.',
  HALO_FILTER_IGNORED: 'Leave that filter out, or read one record by its id; report it to whoever runs this server.',
  HALO_RATE_LIMITED: "Wait until then and call again; Halo's limit covers a rolling 5 minutes.",
  HALO_FAILED: 'Call again in a minute; if it stays, look at the Halo instance.',
  HALO_UNAVAILABLE: 'Call again in a minute.',
  HALO_UNREACHABLE: 'Check HALO_INSTANCE_URL, the network, VPN and firewall; where a proxy is needed, set HTTPS_PROXY.',
  HALO_TLS:
    "Check the server's certificate; for a private authority set NODE_EXTRA_CA_CERTS to its file (Node 22.19 or 24.6 and newer also take NODE_USE_SYSTEM_CA=1).",
  HALO_TIMEOUT: 'Ask for less (a client, fewer days, a smaller page), or call again.',
  HALO_REDIRECTED: 'Set HALO_INSTANCE_URL to the address that Halo really answers at.',
  HALO_NOT_JSON: 'Check HALO_INSTANCE_URL: a log-in page or a proxy answered in place of the API.',
  HALO_CUT_OFF: 'Call again.',
  HALO_TOO_LARGE: 'Ask for fewer rows or one record.',
  HALO_REPORT_FAILED: 'Correct the report in Halo, or read another one.',
  HALO_OUTCOME_UNKNOWN: 'Read the record before you try again.',
  HALO_UNEXPECTED: 'Report it to whoever runs this server.',
  NOT_CONFIRMED: 'Ask the person what they want instead.',
  CONFIRMATION_REFUSED: 'Call again without confirm, and show the new preview.',
  WRITE_UNDER_WAY: 'Wait a moment, then read the record.',
  STORE_LOST: 'Call again in a minute.',
  AUDIT_UNWRITABLE: 'Let whoever runs this server correct audit.file in the config.',
  SERVER_BUSY: 'Wait for the answers to earlier calls, then call again.',
  CALL_TIMEOUT: 'Ask for less (a client, fewer days, a smaller page), or call again.',
  CALL_CANCELLED: 'Call again if you still want the answer.',
  PLUGIN_PATH_UNDECLARED: "Declare the path's scope in the tool's `scopes`; docs/plugins.md has the table.",
  PLUGIN_WRITE_REFUSED:
    'Make the tool with `defineWrite`, whose plan the server itself sends; docs/plugins.md has an example.',
  PLUGIN_BAD_RESULT: "Report it to the plugin's author.",
  PLUGIN_BROKEN: "Report it to the plugin's author and restart the server; its log has the causes.",
  INTERNAL: 'Report the reference to whoever runs this server; its log has the cause.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERRORS;

/** What each code means, for docs/errors.md; an error's own sentence says more. */
export const MEANINGS: Record<ErrorCode, string> = {
  BAD_ARGUMENTS:
    'The assistant passed something wrong. The sentence names it, and the assistant normally corrects itself.',
  UNKNOWN_TOOL: 'No tool of that name is on for this caller. Clients see it as an error of the protocol (-32602).',
  UNKNOWN_NAME: 'Nothing has that name. The nearest candidates are listed.',
  AMBIGUOUS_NAME: 'Several records match that name, and the server never guesses. They are listed.',
  HALO_NOT_CONFIGURED:
    "The address, the client ID or the secret did not reach the server, or the secret's file can't be read. The sentence says which.",
  HALO_CREDENTIALS_REFUSED:
    "Halo does not accept the client ID or the secret. Often the secret's file has a character too many or too few.",
  HALO_SCOPE_MISSING: 'A scope is not ticked on the API application, or no pack that is on asks for it.',
  HALO_FORBIDDEN: 'The scope is there, but the role of the agent that the application logs in as may not see it.',
  HALO_NOT_FOUND: 'Halo has no such record for this login, or no log-in server at this address (HALO_AUTH_URL).',
  HALO_REQUEST_REFUSED: 'Halo refused the request as it was asked.',
  HALO_FILTER_IGNORED: 'Halo ignored a filter and sent other rows, so there is no correct answer.',
  HALO_RATE_LIMITED:
    "Halo's limit of requests is reached, or the server's own before it. The sentence says when to come back. Integrations that use the same API application share the limit: lower requestsPer5Minutes.",
  HALO_FAILED: 'Halo had a fault of its own.',
  HALO_UNAVAILABLE: "Halo can't answer at the moment, or something could not be read in full.",
  HALO_UNREACHABLE: "Halo's host can't be found, or nothing answers there.",
  HALO_TLS: 'The certificate of the host is not trusted.',
  HALO_TIMEOUT: 'Halo took too long for one request.',
  HALO_REDIRECTED: 'The address leads to another host, to which no secret is sent.',
  HALO_NOT_JSON: 'A web page answered in place of the API.',
  HALO_CUT_OFF: "Halo's answer broke off.",
  HALO_TOO_LARGE:
    "Halo's answer is larger than the server reads, or the tool's own does not fit into output.maxTokens.",
  HALO_REPORT_FAILED: 'Halo could not run the report.',
  HALO_OUTCOME_UNKNOWN:
    'A change was sent to Halo, and no answer says whether it was made. It is never sent again by itself.',
  HALO_UNEXPECTED: 'Halo gave an answer that the server does not understand.',
  NOT_CONFIRMED: 'A change needs a yes, and the person who was asked said no, did not answer, or could not be asked.',
  CONFIRMATION_REFUSED:
    'The token of a preview is not good for this call: it was altered, used, or has ended, is for other arguments, another tool, customer or caller, or what it rests on was changed. The sentence says which.',
  WRITE_UNDER_WAY: 'The same change is being sent at this moment, by another call.',
  STORE_LOST:
    'The store that several servers share does not answer, so nothing is changed: another server may already have made the change. Reading goes on.',
  AUDIT_UNWRITABLE: "The audit file can't be written, so nothing is changed.",
  SERVER_BUSY: 'The server runs and queues as many calls as it can, or the client does not read its answers.',
  CALL_TIMEOUT: 'A call may take 45 seconds, or longer where the client asks for progress.',
  CALL_CANCELLED: 'The client cancelled the call, or the server is stopping.',
  PLUGIN_PATH_UNDECLARED: 'A plugin asked Halo for what it did not declare.',
  PLUGIN_WRITE_REFUSED: 'A plugin wanted to change Halo in a way that no plugin may.',
  PLUGIN_BAD_RESULT: "A plugin's answer does not match its own output schema.",
  PLUGIN_BROKEN: 'A plugin failed three times outside its calls, and is off.',
  INTERNAL:
    'A fault of the server or of a plugin. The reference in the sentence leads to the cause in the log (stderr).',
};

/** Facts besides the sentence, for code that reacts to an error. */
export interface ErrorFacts {
  /** The way out, if there is a better one than the table's. */
  remedy?: string;
  /**
   * What others wrote and the reader needs, one per line: the records that a name may mean. It is shown after the
   * sentence, fenced like all data, and never inside a sentence.
   */
  foreign?: readonly string[];
  /** Halo's HTTP status, if there was one. */
  status?: number;
  /** True if the status is the log-in server's, not the API's. */
  login?: boolean;
  /** What a library or Halo said. Goes to the log, redacted; never to the model. */
  cause?: unknown;
}

/**
 * An error whose words may be shown: `CODE: sentence. What to do.`
 *
 * @example throw new HaloError('UNKNOWN_NAME', 'No team is named "2nd lime".', { foreign: ['1st Line', '2nd Line'] });
 */
export class HaloError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly foreign: readonly string[];
  readonly status: number | undefined;
  readonly login: boolean;

  constructor(code: ErrorCode, sentence: string, facts: ErrorFacts | string = {}) {
    const { remedy, foreign, status, login = false, cause } = typeof facts === 'string' ? { remedy: facts } : facts;
    super(sentence, { cause });
    this.name = 'HaloError';
    this.code = code;
    this.remedy = remedy ?? ERRORS[code] ?? ERRORS.HALO_UNEXPECTED;
    this.foreign = foreign ?? [];
    this.status = status;
    this.login = login;
  }

  /** Our own words only. */
  get words(): string {
    return `${this.code}: ${this.message} ${this.remedy}`;
  }

  /** Everything, for a terminal or a log: our words, then what others wrote on separate lines. */
  get line(): string {
    return [this.words, ...this.foreign.map((text) => oneLine(text))].join('\n');
  }
}

/** True for our own errors, including those of a second copy of this module. */
export function isHaloError(error: unknown): error is HaloError {
  return error instanceof Error && error.name === 'HaloError' && 'code' in error && 'line' in error;
}
