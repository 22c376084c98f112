const LENGTH_BYTES = 4;

/** A message of several texts, none of which holds a NUL: its length, and the texts with a NUL between them. */
export function frame(fields: readonly string[]): Buffer {
  const body = Buffer.from(fields.join('\0'));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Takes messages out of a stream, whatever pieces it comes in. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  /** @returns the messages that are complete now */
  read(piece: Buffer): readonly (readonly string[])[] {
    this.rest = Buffer.concat([this.rest, piece]);
    const messages: string[][] = [];
    while (this.rest.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.rest.readUInt32BE();
      if (this.rest.length < end) break;
      messages.push(this.rest.toString('utf8', LENGTH_BYTES, end).split('\0'));
      this.rest = this.rest.subarray(end);
    }
    return messages;
  }
}
