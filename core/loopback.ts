/** Whether a URL's host is this machine: what is sent there uses no network and no proxy. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
