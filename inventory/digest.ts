/**
 * A short name of a long list, made as the list goes by: two lists of one digest are taken for the
 * same. Against mistakes and not against malice: whoever may confirm a list may also do what it says.
 */
export class Digest {
  // Two mixes of 32 bits with different multipliers (after cyrb53).
  #first = 0xdeadbeef;
  #second = 0x41c6ce57;

  add(text: string): this {
    for (let at = 0; at < text.length; at += 1) this.#mix(text.charCodeAt(at));
    this.#mix(0x1f); // "ab" + "c" is not "a" + "bc"
    return this;
  }

  toString(): string {
    const hex = (value: number) => (value >>> 0).toString(16).padStart(8, "0");
    return (
      hex(this.#finish(this.#first, this.#second)) + hex(this.#finish(this.#second, this.#first))
    );
  }

  #mix(code: number): void {
    this.#first = Math.imul(this.#first ^ code, 2654435761);
    this.#second = Math.imul(this.#second ^ code, 1597334677);
  }

  #finish(own: number, other: number): number {
    return (
      Math.imul(own ^ (own >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909)
    );
  }
}
