/** Whether a host, as a URL has it, is this machine: what is sent there leaves it by no network and through no proxy. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
