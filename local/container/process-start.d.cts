/** @returns undefined if no such process runs */
export function startOf(pid: number): string | undefined;
