// When a process started, in the system's own notation. Plain JavaScript, because spawn-server.cjs has to be small.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');

// One way for all who compare: elsewhere than on Linux a date is written as the environment says.
const PS = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: '/usr/bin:/bin' } };

exports.startOf = function startOf(pid) {
  try {
    if (process.platform !== 'linux') {
      const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], PS).trim();
      return started === '' ? undefined : started;
    }
    // Field 3 is the state and field 22 the start; the command, field 2, may itself hold spaces and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
};
