/** The parsers of config files, in a module of their own: they are loaded only where there is a file to parse. */
export { defaultLoaders } from 'cosmiconfig';
