/** Says when something begins: once, and again only after it was over. Told apart by name. */
export class Episodes {
  readonly #under = new Set<string>();

  begins(sick: boolean, name = ''): boolean {
    const was = this.#under.has(name);
    if (sick) this.#under.add(name);
    else this.#under.delete(name);
    return sick && !was;
  }
}
