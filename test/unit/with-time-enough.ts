// A bound for what hangs, not for what is slow: real processes are waited for where a machine has much else to do.
jest.setTimeout(120_000);
