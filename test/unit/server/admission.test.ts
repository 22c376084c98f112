import { Admission, type Ticket } from '../../../server/http/admission';

const open = (admission: Admission) => admission.enter() as Ticket;

describe('admission', () => {
  test('lets so many requests in, and the next when one has left', () => {
    const admission = new Admission({ mostRequests: 2, mostBytes: 100 });
    const first = open(admission);
    open(admission);
    expect(admission.enter()).toBe('requests');
    first.leave();
    first.leave();
    expect(admission.pending).toBe(1);
    expect(admission.enter()).toMatchObject({});
    expect(admission.enter()).toBe('requests');
  });

  test('lets so many bytes in as arrive, whatever was promised', () => {
    const admission = new Admission({ mostRequests: 9, mostBytes: 100 });
    const first = open(admission);
    const second = open(admission);
    expect([first.hold(60), second.hold(41), second.hold(40)]).toEqual([true, false, true]);
    expect(admission.enter()).toBe('bytes');
    first.leave();
    // What still arrives of a request that is answered already is thrown away.
    expect(first.hold(1000)).toBe(true);
    expect(open(admission).hold(60)).toBe(true);
  });

  test('lets no second request in while memory is at its limit', () => {
    let resident = 99;
    const props = { mostRequests: 9, mostBytes: 100, memoryBytes: 100, residentBytes: () => resident };
    const roomy = new Admission(props);
    open(roomy);
    expect(roomy.enter()).toMatchObject({});
    resident = 100;
    const full = new Admission(props);
    open(full);
    expect(full.enter()).toBe('memory');
  });

  test('never refuses all for good, though memory stays at its limit', () => {
    const admission = new Admission({ mostRequests: 9, mostBytes: 100, memoryBytes: 100, residentBytes: () => 100 });
    for (let round = 0; round < 3; round += 1) {
      const ticket = open(admission);
      expect(ticket).toMatchObject({});
      expect(admission.enter()).toBe('memory');
      ticket.leave();
    }
  });
});
