/** Ends what is left of a process group, at once. @param leader the id of its first process */
export function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
