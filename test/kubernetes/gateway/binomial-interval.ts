/**
 * Where the middle `share` of the outcomes of n tries lie that each succeed with probability p.
 * @param share between 0 and 1
 */
export function binomialInterval(n: number, p: number, share: number): { readonly low: number; readonly high: number } {
  const tail = (1 - share) / 2;
  let log = n * Math.log1p(-p);
  let below = 0;
  let low: number | undefined;
  for (let k = 0; k <= n; k += 1) {
    below += Math.exp(log);
    if (low === undefined && below > tail) low = k;
    if (below >= 1 - tail) return { low: low ?? k, high: k };
    log += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return { low: low ?? n, high: n };
}
