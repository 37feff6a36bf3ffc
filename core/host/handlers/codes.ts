// The codes of JSON-RPC and MCP in what is answered without a library; for the rest each host uses its own.

export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const INVALID_PARAMS = -32_602;
export const INTERNAL_ERROR = -32_603;
/** MCP's code for a resource that does not exist. */
export const NO_RESOURCE = -32_002;
