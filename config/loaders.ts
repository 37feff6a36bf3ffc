/** The parsers of config files, in their own module so that they load only if there is a file to parse. */
export { defaultLoaders } from 'cosmiconfig';
