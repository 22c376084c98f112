/** A fault that may come back at every look: told once, until there is another one or none. */
export class RecurringFault {
  private last: string | undefined;

  constructor(private readonly log: (message: string) => void) {}

  tell(message: string): void {
    if (message !== this.last) this.log(message);
    this.last = message;
  }

  clear(): void {
    this.last = undefined;
  }
}
