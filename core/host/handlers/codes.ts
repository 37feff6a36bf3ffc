// The codes of JSON-RPC and MCP in a session's answers; for the rest each host uses its library's.

export const INVALID_PARAMS = -32_602;
export const INTERNAL_ERROR = -32_603;
/** MCP's code for a resource that does not exist. */
export const NO_RESOURCE = -32_002;
