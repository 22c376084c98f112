import type { Variables } from './find-python';

/** Settings of pip, and the variables by which uv takes the same. */
const SAME_FOR_UV: Readonly<Record<string, string>> = {
  'index-url': 'UV_DEFAULT_INDEX',
  'extra-index-url': 'UV_INDEX',
  'find-links': 'UV_FIND_LINKS',
  'trusted-host': 'UV_INSECURE_HOST',
  cert: 'SSL_CERT_FILE',
  'no-index': 'UV_NO_INDEX',
  timeout: 'UV_HTTP_TIMEOUT',
  'default-timeout': 'UV_HTTP_TIMEOUT',
  proxy: 'ALL_PROXY',
};

/** Values that pip takes as a list separated by white space, and uv by commas. */
const COMMAS = new Set(['find-links']);

/**
 * What the user has told pip, in variables of uv, which doesn't read pip's settings: company mirrors above all.
 * @param listed output of `pip config list`: a line a setting, `global.index-url='https://…'`, later ones winning
 * @param environment wins where it sets a variable of uv itself
 */
export function uvVariables(listed: string, environment: Variables): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of listed.split('\n')) {
    const [, scope, setting = '', value = ''] =
      /^(global|site|user|install|:env:)\.([\w-]+)='(.*)'\s*$/.exec(line) ?? [];
    const variable = SAME_FOR_UV[setting];
    if (!scope || !variable || environment[variable] || value === '') continue;
    const words = unescaped(value).split(/\s+/).filter(Boolean);
    variables[variable] = words.join(COMMAS.has(setting) ? ',' : ' ');
  }
  return variables;
}

/** pip prints values as Python literals. */
function unescaped(value: string): string {
  return value.replaceAll(/\\n/g, '\n').replaceAll(/\\(.)/g, '$1');
}
