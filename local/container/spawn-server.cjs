// Starts processes for another program and tells it when they end. See spawner.ts.
// Small on purpose, and in plain JavaScript: what it has loaded is what every fork of it has to copy.
const { spawn } = require('node:child_process');
const { closeSync, openSync, renameSync, writeFileSync } = require('node:fs');
const { startOf } = require('./process-start.cjs');

const IDLE_MS = 10_000;
let running = 0;
const idle = setTimeout(() => running === 0 && process.disconnect(), IDLE_MS);

// It ends with the program that it works for, not with the signals that go to the whole group.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

process.on('message', ({ id, parent, command, args, cwd, environment, log, identityFile }) => {
  // Whoever asked was killed meanwhile, and a successor has perhaps looked already for what was left running.
  if (process.ppid !== parent) process.exit();
  const tell = (message) => process.connected && process.send({ id, ...message }, () => {});
  let output;
  let child;
  running += 1;
  try {
    output = openSync(log, 'a');
    child = spawn(command, args, { cwd, env: environment, detached: true, stdio: ['ignore', output, output] });
    if (child.pid !== undefined) writeIdentity(identityFile, child.pid);
    child.once('spawn', () => tell({ pid: child.pid }));
    child.once('error', ({ message, code }) => {
      ended();
      tell({ error: { message, code } });
    });
    child.once('exit', (code, signal) => {
      ended();
      tell({ exit: { code, signal } });
    });
  } catch ({ message, code }) {
    // Nobody could end it later: on a full disk, say, it isn't known which process it is.
    if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    ended();
    tell({ error: { message, code } });
  } finally {
    if (output !== undefined) closeSync(output);
  }
});

function ended() {
  running = Math.max(0, running - 1);
  idle.refresh();
}

// At once, so that whoever succeeds a program that is killed here can end the process; and in one step, because nobody
// could with half an identity.
function writeIdentity(file, pid) {
  writeFileSync(`${file}.draft`, JSON.stringify({ pid, started: startOf(pid) ?? 'ended' }));
  renameSync(`${file}.draft`, file);
}
