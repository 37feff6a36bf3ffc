/** What a plugin's author may add to the sandbox. */
import type { Json, Row } from './json.js';
import type { SandboxRequest } from './request.js';

/** An endpoint that the sandbox lacks: rows to list, or a function that answers. */
export interface Route {
  /** Name of the array in Halo's answer; without it the answer is a bare array. */
  key?: string;
  /** The scope needed to read it; without it any token will do. */
  scope?: string;
  /** Served as a list, and each by its id. */
  rows?: readonly Row[];
  /** The whole answer, as Halo would give it; undefined answers 404. In place of `rows`. */
  answer?: (request: SandboxRequest) => Json | undefined;
}

/** Endpoints by their path, such as `/KBArticle`. */
export type Routes = Readonly<Record<string, Route | readonly Row[]>>;
/** Further rows for existing endpoints, by path. Each is sent unchanged; give it an id of its own. */
export type Rows = Readonly<Record<string, readonly Row[]>>;
