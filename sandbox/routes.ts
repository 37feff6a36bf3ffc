/** What a plugin's author may add to the sandbox. */
import type { Json, Row } from './json.js';
import type { SandboxRequest } from './request.js';

/** An endpoint that the sandbox lacks: rows that it lists, or a function that answers. */
export interface Route {
  /** Name of the array in Halo's answer; a bare array comes without it. */
  key?: string;
  /** The scope that reading it needs; without it any token will do. */
  scope?: string;
  /** A list of these, and each by its id. */
  rows?: readonly Row[];
  /** The whole answer, as Halo would give it; undefined answers 404. In place of `rows`. */
  answer?: (request: SandboxRequest) => Json | undefined;
}

/** Endpoints by their path, such as `/KBArticle`. */
export type Routes = Readonly<Record<string, Route | readonly Row[]>>;
/** Further rows of endpoints that are there, by their path. Each is sent as it is; give it an id of its own. */
export type Rows = Readonly<Record<string, readonly Row[]>>;
