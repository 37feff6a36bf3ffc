/** What a plugin author tests with: `halo-psa-mcp/testing`. */

export type { Route, Routes, Rows } from '../sandbox/index.js';
export { type Contract, describePlugin } from './contract.js';
export { type KitSandbox, sandbox } from './sandbox.js';
export { type Answer, type PluginUse, type Session, type SessionOptions, session } from './session.js';
