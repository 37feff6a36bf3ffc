// The codes of JSON-RPC and MCP that a session's answers bear; each host has its library's for the rest.

export const INVALID_PARAMS = -32_602;
export const INTERNAL_ERROR = -32_603;
/** MCP's code for a resource that is not there. */
export const NO_RESOURCE = -32_002;
