/** How many requests were answered, and how many weren't. */
export interface Traffic {
  answered: number;
  lost: number;
}

const ANSWER_MS = 30_000;

/**
 * Asks without a pause while something else is done.
 * @param url is asked by POST; whatever isn't a 200 with the body sent back is lost
 */
export async function underTraffic(url: string, connections: number, work: () => Promise<void>): Promise<Traffic> {
  const traffic: Traffic = { answered: 0, lost: 0 };
  const state = { on: true };
  const ask = async () => {
    for (let number = 0; state.on; number += 1) {
      if (await answers(url, JSON.stringify({ number }))) traffic.answered += 1;
      else traffic.lost += 1;
    }
  };
  const asking = Array.from({ length: connections }, ask);
  try {
    await work();
  } finally {
    state.on = false;
    await Promise.all(asking);
  }
  return traffic;
}

async function answers(url: string, body: string): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
    return (await answer.text()) === body && answer.status === 200;
  } catch {
    return false;
  }
}
