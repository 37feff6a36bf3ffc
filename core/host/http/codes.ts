// The codes that the protocol's library has no names for.

/** Of the range that is free for servers. */
export const SERVER_ERROR = -32_000;
/** MCP's code for a session that is not there. */
export const NO_SESSION = -32_001;
