// Codes that the protocol's library does not name.

/** From the range that is free for servers. */
export const SERVER_ERROR = -32_000;
/** MCP's code for a session that does not exist. */
export const NO_SESSION = -32_001;
