import { uvVariables } from '../../../../local/python/pip-settings';

describe('the settings of pip', () => {
  test.each([
    ["global.index-url='https://mirror.example/simple'", { UV_DEFAULT_INDEX: 'https://mirror.example/simple' }],
    [
      "global.extra-index-url='https://a.example/simple\\nhttps://b.example/simple'",
      { UV_INDEX: 'https://a.example/simple https://b.example/simple' },
    ],
    ["user.cert='/etc/company.pem'", { SSL_CERT_FILE: '/etc/company.pem' }],
    [":env:.find-links='/wheels /more'", { UV_FIND_LINKS: '/wheels,/more' }],
    ["install.trusted-host='mirror.example'", { UV_INSECURE_HOST: 'mirror.example' }],
    ["site.timeout='60'", { UV_HTTP_TIMEOUT: '60' }],
    ["global.proxy='http://proxy.example:3128'", { ALL_PROXY: 'http://proxy.example:3128' }],
    ["global.no-index='true'", { UV_NO_INDEX: 'true' }],
  ])('are handed on to uv: %s', (line, expected) => {
    expect(uvVariables(`${line}\n`, {})).toEqual(expected);
  });

  test.each([
    '',
    "global.disable-pip-version-check='1'",
    'nonsense',
    "list.index-url='https://other.example'",
    "global.index-url=''",
  ])('that mean nothing for installing are left out: %s', (line) => {
    expect(uvVariables(line, {})).toEqual({});
  });

  test('do not override what the user has told uv', () => {
    expect(
      uvVariables("global.index-url='https://mirror.example'", { UV_DEFAULT_INDEX: 'https://mine.example' }),
    ).toEqual({});
  });

  test('win in the order in which pip lists them', () => {
    expect(uvVariables("global.index-url='https://a.example'\nuser.index-url='https://b.example'", {})).toEqual({
      UV_DEFAULT_INDEX: 'https://b.example',
    });
  });
});
