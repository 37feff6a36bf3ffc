/**
 * Every error that leaves this server, in one table: its code, and the way out that is given when the place that
 * throws it knows no better one. Only our own words reach the model; what Halo or a library said goes to the log.
 */
export const ERRORS = {
  BAD_ARGUMENTS: 'Correct the arguments and call again.',
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
  HALO_UNREACHABLE: 'Check HALO_INSTANCE_URL, the network, VPN and firewall; proxy variables are not used.',
  HALO_TLS: "Check the server's certificate; for a private authority set NODE_EXTRA_CA_CERTS.",
  HALO_TIMEOUT: 'Ask for less (a client, fewer days, a smaller page), or call again.',
  HALO_REDIRECTED: 'Set HALO_INSTANCE_URL to the address that Halo really answers at.',
  HALO_NOT_JSON: 'Check HALO_INSTANCE_URL: a log-in page or a proxy answered in place of the API.',
  HALO_CUT_OFF: 'Call again.',
  HALO_TOO_LARGE: 'Ask for fewer rows or one record.',
  HALO_REPORT_FAILED: 'Correct the report in Halo, or read another one.',
  HALO_UNEXPECTED: 'Report it to whoever runs this server.',
  SERVER_BUSY: 'Wait for the answers to earlier calls, then call again.',
  CALL_TIMEOUT: 'Ask for less (a client, fewer days, a smaller page), or call again.',
  CALL_CANCELLED: 'Call again if you still want the answer.',
  PLUGIN_PATH_UNDECLARED: "Declare the path's scope in the tool's `scopes`; docs/plugins.md has the table.",
  PLUGIN_WRITE_REFUSED: "Declare the tool's `effect`, and let the operator name the tool in allowWrites.",
  PLUGIN_BAD_RESULT: "Report it to the plugin's author.",
  PLUGIN_BROKEN: "Report it to the plugin's author and restart the server; its log has the causes.",
  INTERNAL: 'Report the reference to whoever runs this server; its log has the cause.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERRORS;

/** Facts beside the sentence, for code that reacts to an error. */
export interface ErrorFacts {
  /** The way out, where it is better known than in the table. */
  remedy?: string;
  /** Halo's HTTP status, where there was one. */
  status?: number;
  /** What a library or Halo said. Goes to the log, redacted; never to the model. */
  cause?: unknown;
}

/**
 * An error whose words may be shown: `CODE: sentence. What to do.`
 *
 * @example throw new HaloError('UNKNOWN_NAME', 'No team is named "2nd lime".', 'Teams: 1st Line, 2nd Line.');
 */
export class HaloError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly status: number | undefined;

  constructor(code: ErrorCode, sentence: string, facts: ErrorFacts | string = {}) {
    const { remedy, status, cause } = typeof facts === 'string' ? { remedy: facts } : facts;
    super(sentence, { cause });
    this.name = 'HaloError';
    this.code = code;
    this.remedy = remedy ?? ERRORS[code];
    this.status = status;
  }

  /** The one line that the model and the operator read. */
  get line(): string {
    return `${this.code}: ${this.message} ${this.remedy}`;
  }
}

/** True for our own errors, also for those of a second copy of this module. */
export function isHaloError(error: unknown): error is HaloError {
  return error instanceof Error && error.name === 'HaloError' && 'code' in error && 'line' in error;
}
