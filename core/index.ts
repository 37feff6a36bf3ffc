/** What a plugin author imports; the bundled packs use nothing else. */
export { z } from 'zod';
export {
  type AnswerFile,
  type AnswerText,
  type AnyTool,
  API_VERSION,
  definePlugin,
  defineTool,
  type Effect,
  type HarmlessRead,
  type HarmlessReads,
  type Log,
  type Plugin,
  type Prompt,
  type PromptArgument,
  type ReadDefinition,
  type Source,
  type Tool,
  type ToolContext,
} from './define.js';
export { defineWrite, type Plan, type WriteDefinition, type Writing } from './define-write.js';
export { type ErrorCode, HaloError, isHaloError } from './errors.js';
export type { AllOptions, Walk } from './halo/all.js';
export type { Query } from './halo/client.js';
export type { Halo } from './halo/halo.js';
export type { LookupName, LookupRow } from './halo/lookups.js';
export { isRow, type ListKey, type ListOptions, type Page, type Row, rowsOf } from './halo/pages.js';
export { readRecord } from './halo/record.js';
export type { Scope } from './halo/scopes.js';
export { readDayIn, type Sense, senseOf } from './halo/sense.js';
export { sideBySide } from './halo/side-by-side.js';
export { chosenColumns, columnNames } from './make/chosen.js';
export { type Column, type Columns, column, type Reading } from './make/column.js';
export { setFields } from './make/fields.js';
export { type Applied, type Filter, type FilterArgs, filter } from './make/filter.js';
export { costsPart, type GetDescription, getTool, type Part } from './make/get.js';
export { type ListDescription, listTool } from './make/list.js';
export { nameKey } from './make/name.js';
export { firstOf, part, rowsIn } from './make/part.js';
export type { Found } from './make/project.js';
export { matchName, type Named, resolveClient, resolveLookup } from './make/resolve.js';
export { restOf } from './make/rest.js';
export { cut } from './output/clean.js';
export { pace } from './output/pace.js';
export { record, table } from './output/table.js';
export { untrusted } from './output/untrusted.js';
export * from './values.js';
export { UTC, type Zone, zoneOf } from './zone.js';
