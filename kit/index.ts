/** What a plugin author tests with: `halo-psa-mcp/testing`. */
export { type Contract, describePlugin } from './contract.js';
export { type KitSandbox, sandbox } from './sandbox.js';
export { type Answer, type PluginUse, type Session, type SessionOptions, session } from './session.js';
