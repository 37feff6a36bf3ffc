import { describe, expect, test } from 'vitest';
import { type HaloAddress, haloUrls } from '../../config/urls.js';

const https = 'https://acme.halopsa.com';

describe('where Halo answers', () => {
  test.each<[HaloAddress, string, string]>([
    [{ instanceUrl: https }, `${https}/auth/token`, `${https}/api`],
    [{ instanceUrl: `${https}/` }, `${https}/auth/token`, `${https}/api`],
    [{ instanceUrl: `${https}//` }, `${https}/auth/token`, `${https}/api`],
    [{ instanceUrl: 'https://ACME.halopsa.com:443' }, `${https}/auth/token`, `${https}/api`],
    [{ instanceUrl: 'https://host/halo' }, 'https://host/halo/auth/token', 'https://host/halo/api'],
    [{ instanceUrl: https, tenant: 'a&b c' }, `${https}/auth/token?tenant=a%26b%20c`, `${https}/api`],
    [
      { authUrl: 'https://auth.example', apiUrl: 'https://api.example/api/' },
      'https://auth.example/token',
      'https://api.example/api',
    ],
    [{ instanceUrl: https, authUrl: 'https://auth.example/auth' }, 'https://auth.example/auth/token', `${https}/api`],
    [{ instanceUrl: https, authUrl: 'https://auth.example/token' }, 'https://auth.example/token', `${https}/api`],
    [{ instanceUrl: 'http://localhost:8080' }, 'http://localhost:8080/auth/token', 'http://localhost:8080/api'],
    [{ instanceUrl: 'http://127.0.0.1:80' }, 'http://127.0.0.1/auth/token', 'http://127.0.0.1/api'],
    [{ instanceUrl: 'http://[::1]:9' }, 'http://[::1]:9/auth/token', 'http://[::1]:9/api'],
  ])('%o: %s', (address, token, api) => {
    expect(haloUrls(address)).toEqual({ token, api });
  });

  test.each<[HaloAddress]>([[{}], [{ authUrl: https }], [{ apiUrl: https }], [{ tenant: 'acme' }]])(
    '%o is no whole address',
    (address) => {
      expect(haloUrls(address)).toBeUndefined();
    },
  );
});

describe('an address that is refused', () => {
  test.each<[string, RegExp]>([
    ['acme.halopsa.com', /is not a URL\. Give it as https:\/\/yourcompany\.halopsa\.com\.$/],
    ['https://', /is not a URL/],
    ['', /is not a URL/],
    ['http://acme.halopsa.com', /must start with https:\/\/ \(http:\/\/ only for this machine\)/],
    ['http://localhost.evil.example', /must start with https/],
    ['http://127.0.0.1.evil.example', /must start with https/],
    ['http://10.0.0.1', /must start with https/],
    ['ftp://acme.halopsa.com', /must start with https/],
    ['file:///etc/passwd', /must start with https/],
    ['javascript:alert(1)', /must start with https/],
    ['https://user:canary@acme.halopsa.com', /holds user:password\. Take them out/],
    ['https://canary@acme.halopsa.com', /holds user:password/],
    ['https://acme.halopsa.com?x=canary', /has a query or a fragment/],
    ['https://acme.halopsa.com/#canary', /has a query or a fragment/],
  ])('%s', (url, sentence) => {
    for (const [key, name] of [
      ['instanceUrl', 'HALO_INSTANCE_URL'],
      ['authUrl', 'HALO_AUTH_URL'],
      ['apiUrl', 'HALO_API_URL'],
    ] as const) {
      const refused = () => haloUrls({ instanceUrl: https, [key]: url });
      expect(refused).toThrow(sentence);
      expect(refused).toThrow(name);
      expect(refused).not.toThrow('canary');
    }
  });

  test('https with a host name in another alphabet is taken as what it is', () => {
    expect(haloUrls({ instanceUrl: 'https://аcme.halopsa.com' })?.api).toBe('https://xn--cme-5cd.halopsa.com/api');
  });
});
