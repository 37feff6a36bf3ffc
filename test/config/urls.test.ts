import { describe, expect, test } from 'vitest';
import { type HaloAddress, haloUrls, readAddress } from '../../config/urls.js';

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
  ])('from %o the token is asked for at %s', (address, token, api) => {
    expect(haloUrls(address)).toEqual({ token, api });
  });

  test.each<[HaloAddress]>([[{}], [{ authUrl: https }], [{ apiUrl: https }], [{ tenant: 'acme' }]])(
    '%o is not a complete address',
    (address) => {
      expect(haloUrls(address)).toBeUndefined();
    },
  );
});

describe('an address that is refused', () => {
  test.each<[string, RegExp]>([
    ['nonsense', /is not a URL\. Give it as https:\/\/yourcompany\.halopsa\.com\.$/],
    ['acme halopsa com', /is not a URL/],
    ['canary@acme.halopsa.com', /is not a URL/],
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
    ['https://halo.example.com/canary?x=canary', /has a query or a fragment/],
    ['https://halo.example.com/canary#canary', /has a query or a fragment/],
  ])('the address %s is refused in a sentence that does not repeat its secrets', (url, sentence) => {
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

describe('an address as people paste it', () => {
  test.each([
    'acme.halopsa.com',
    '//acme.halopsa.com',
    'ACME.HALOPSA.COM/',
    '<https://acme.halopsa.com>',
    ' https://acme.halopsa.com/api ',
    'https://acme.halopsa.com/api/',
    'https://acme.halopsa.com/api/Tickets?page_no=1',
    'https://acme.halopsa.com/auth',
    'https://acme.halopsa.com/auth/account/login?ReturnUrl=%2Fauth%2Fauthorize',
    'https://acme.halopsa.com/portal',
    'https://acme.halopsa.com/portal/tickets?area=3#top',
    'https://acme.halopsa.com/ticket?id=2041&showmenu=false',
    'https://acme.halopsa.com/something/new',
    'https://acme.halopsa.com/?area=1',
    'https://acme.halopsa.com/#home',
  ])('%s is the Halo of that host, and that is said', (pasted) => {
    const read = readAddress('instanceUrl', pasted, 'HALO_INSTANCE_URL');
    expect(read.url).toBe(https);
    expect(read.corrected).toBe(`HALO_INSTANCE_URL is read as ${https}; set it to that.`);
  });

  test.each([https, `${https}/`, 'https://ACME.halopsa.com:443', 'https://host.example/halo'])(
    '%s is right as it is, and nothing is said',
    (given) => {
      expect(readAddress('instanceUrl', given, 'HALO_INSTANCE_URL').corrected).toBeUndefined();
    },
  );

  test.each<[HaloAddress, string, string]>([
    [
      { instanceUrl: 'https://own.example/halo/api' },
      'https://own.example/halo/auth/token',
      'https://own.example/halo/api',
    ],
    [
      { instanceUrl: 'own.example:8443/auth/token' },
      'https://own.example:8443/auth/token',
      'https://own.example:8443/api',
    ],
    [{ instanceUrl: '127.0.0.1:8080' }, 'http://127.0.0.1:8080/auth/token', 'http://127.0.0.1:8080/api'],
    [{ instanceUrl: 'localhost:8080/api' }, 'http://localhost:8080/auth/token', 'http://localhost:8080/api'],
    [{ instanceUrl: `${https}/auth/token?tenant=acme` }, `${https}/auth/token?tenant=acme`, `${https}/api`],
    [
      { authUrl: 'https://auth.example/token?tenant=acme', apiUrl: 'https://acme.example/api/Client?x=1' },
      'https://auth.example/token?tenant=acme',
      'https://acme.example/api',
    ],
    [
      { instanceUrl: https, authUrl: 'auth.example/auth/token/?tenant=a b&x=1' },
      'https://auth.example/auth/token?tenant=a%20b',
      `${https}/api`,
    ],
    [{ instanceUrl: https, authUrl: `${https}/auth/authorize` }, `${https}/auth/token`, `${https}/api`],
    [
      { instanceUrl: https, authUrl: `${https}/auth?tenant=url`, tenant: 'own' },
      `${https}/auth/token?tenant=own`,
      `${https}/api`,
    ],
  ])('%o is taken apart', (address, token, api) => {
    expect(haloUrls(address)).toEqual({ token, api });
  });

  test('a token endpoint with its tenant says what it is read as', () => {
    expect(readAddress('authUrl', 'https://auth.example/token?tenant=acme', 'HALO_AUTH_URL').corrected).toBe(
      'HALO_AUTH_URL is read as https://auth.example with the tenant acme; set it to that.',
    );
    expect(readAddress('authUrl', 'https://auth.example/token', 'HALO_AUTH_URL').corrected).toBeUndefined();
  });
});
